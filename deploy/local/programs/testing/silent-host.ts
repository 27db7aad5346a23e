import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { connect } from 'node:net'

import { onTestFinished } from 'vitest'

const listen = `const server = require('node:net').createServer()
server.listen({ port: 0, host: '127.0.0.1', backlog: 1 }, () => process.stdout.write(String(server.address().port)))`
/** More than the kernel completes for a process that accepts none of them. */
const filling = 8

/** An address at which nothing answers, not even with a refusal: a stopped process whose line of callers is full. */
export async function silentHost(): Promise<URL> {
  const child = spawn(process.execPath, ['-e', listen], { stdio: ['ignore', 'pipe', 'inherit'] })
  const [port] = (await once(child.stdout, 'data')) as [Buffer]
  child.kill('SIGSTOP')
  const callers = Array.from({ length: filling }, () =>
    connect(Number(port.toString()), '127.0.0.1').on('error', () => undefined),
  )
  onTestFinished(() => {
    for (const caller of callers) caller.destroy()
    child.kill('SIGKILL')
  })
  await Promise.race([once(callers[0] ?? child, 'connect'), once(child, 'exit')])
  return new URL(`http://127.0.0.1:${port.toString()}/`)
}
