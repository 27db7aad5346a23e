/** Processes that a benchmark starts beside itself, and talks to by messages. */
import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'

/** Starts a file of Node; it ends with us. */
export function startHelper(file: string): ChildProcess {
  // Not by our own arguments: with them it would end whenever it has nothing to do but to wait for a message.
  return fork(file, { execArgv: [], stdio: ['ignore', 'ignore', 'inherit', 'ipc'] })
}

/** Sends one message and waits for the next one. @throws when the process ends instead */
export async function tell<Answer>(helper: ChildProcess, message: object | string): Promise<Answer> {
  const ended = new AbortController()
  const onExit = (): void => ended.abort(new Error('A process of the benchmark ended before its time.'))
  helper.once('exit', onExit)
  helper.send(message)
  try {
    const [answer] = (await once(helper, 'message', { signal: ended.signal })) as [Answer]
    return answer
  } finally {
    helper.off('exit', onExit)
  }
}

export async function endHelper(helper: ChildProcess): Promise<void> {
  if (helper.exitCode !== null || helper.signalCode !== null) return
  const exit = once(helper, 'exit')
  helper.kill('SIGKILL')
  await exit
}
