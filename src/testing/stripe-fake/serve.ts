/**
 * Stands in for Stripe on one machine, so that paying can be tried without an account. What it knows is kept in a file.
 *
 * `node serve.ts PORT STATE_FILE WEBHOOK_URL SECRET_KEY WEBHOOK_SECRET`
 */
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'

import { systemClock } from '../../ports/clock/system.ts'
import { startStripeServer } from './server.ts'
import type { State } from './state.ts'

const [port = '', file = '', webhookUrl = '', secretKey = '', secret = ''] = process.argv.slice(2)

function before(): { state?: State } {
  try {
    return existsSync(file) ? { state: JSON.parse(readFileSync(file, 'utf8')) as State } : {}
  } catch {
    // It died while it wrote for the first time: there is nothing to lose.
    return {}
  }
}

const server = await startStripeServer({
  clock: systemClock,
  port: Number(port),
  secretKey,
  webhook: { url: webhookUrl, secret },
  ...before(),
})
const { account } = server
for (const [code, percentOff] of Object.entries({ HALF: 50, FREE: 100 }))
  if (!Object.hasOwn(account.state.promotionCodes, code)) account.addPromotionCode(code, percentOff)

let isToBeKept = true
account.onEvent(() => void (isToBeKept = true))

/** Twice a second at most: a written state is a whole one. */
function keep(): void {
  if (!isToBeKept) return
  isToBeKept = false
  writeFileSync(`${file}.new`, JSON.stringify(account.state))
  renameSync(`${file}.new`, file)
}

const keeping = setInterval(keep, 500)
process.once('SIGTERM', () => {
  clearInterval(keeping)
  isToBeKept = true
  keep()
  server.close().catch(() => process.exit(1))
})
