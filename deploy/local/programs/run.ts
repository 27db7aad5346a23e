import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'

export interface RunOptions {
  readonly env: NodeJS.ProcessEnv
  readonly timeoutMs: number
  readonly cwd?: string
  readonly signal?: AbortSignal
  /** Every line of standard error, as it comes. */
  readonly onLine?: (line: string) => void
}

export interface RunResult {
  /** null if a signal ended it. */
  readonly code: number | null
  readonly timedOut: boolean
  readonly stdout: string
  /** The last part of standard error. */
  readonly stderr: string
}

const keptBytes = 64 * 1024
const graceMs = 5000

/** Runs a program to its end, without a shell. Rejects only if it cannot be started or the signal is given. */
export async function run(command: string, args: readonly string[], options: RunOptions): Promise<RunResult> {
  options.signal?.throwIfAborted()
  const child = spawn(command, args, {
    cwd: options.cwd,
    env: options.env,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const ended = Promise.withResolvers<number | null>()
  child.once('error', ended.reject)
  child.once('close', (code) => ended.resolve(code))
  let timedOut = false
  const end = (): void => {
    child.kill('SIGTERM')
    setTimeout(() => child.kill('SIGKILL'), graceMs).unref()
  }
  const timer = setTimeout(() => {
    timedOut = true
    end()
  }, options.timeoutMs)
  options.signal?.addEventListener('abort', end, { once: true })

  let stdout = ''
  let stderr = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text))
  createInterface({ input: child.stderr }).on('line', (line) => {
    stderr = `${stderr}${line}\n`.slice(-keptBytes)
    options.onLine?.(line)
  })
  try {
    const code = await ended.promise
    options.signal?.throwIfAborted()
    return { code, timedOut, stdout, stderr }
  } finally {
    clearTimeout(timer)
    options.signal?.removeEventListener('abort', end)
  }
}
