/** A real letter box: maildev in a process of its own. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

import { freePort } from '../../../../e2e/fixtures/free-port.ts'

/** As maildev's API shows it. */
interface Letter {
  readonly from: readonly { readonly address: string; readonly name: string }[]
  readonly to: readonly { readonly address: string }[]
  readonly subject: string
  readonly text: string
  readonly html: string
  readonly headers: Readonly<Record<string, unknown>>
}

export interface LetterBox {
  readonly smtpPort: number
  close(): Promise<void>
  letters(): Promise<Letter[]>
}

/** What a maildev at this address has taken, the first one first. */
export async function readLetters(url: string): Promise<Letter[]> {
  const answer = await fetch(`${url}/api/email`, { signal: AbortSignal.timeout(5_000) })
  if (!answer.ok) throw new Error(`maildev answered ${answer.status}`)
  return (await answer.json()) as Letter[]
}

export async function startLetterBox(): Promise<LetterBox> {
  const [smtpPort, webPort] = [await freePort(), await freePort()]
  const url = `http://127.0.0.1:${webPort}`
  const program = join(import.meta.dirname, '../../../../node_modules/.bin/maildev')
  const args = [program, '--smtp', String(smtpPort), '--ip', '127.0.0.1', '--web', String(webPort)]
  const child = spawn(process.execPath, [...args, '--web-ip', '127.0.0.1'], { stdio: 'ignore' })
  const isUp = async (): Promise<boolean> =>
    readLetters(url).then(
      () => true,
      () => false,
    )
  while (!(await isUp())) {
    if (child.exitCode !== null) throw new Error(`maildev ended with ${child.exitCode}`)
    await sleep(50)
  }
  return {
    smtpPort,
    letters: async () => readLetters(url),
    async close() {
      child.kill('SIGKILL')
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
    },
  }
}
