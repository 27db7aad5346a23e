import { spawn } from 'node:child_process'

export interface ChildOptions {
  cwd: string
  /** The child is killed when this is over; a command without an end would hang the whole check. */
  timeoutMs: number
  signal?: AbortSignal
  env?: NodeJS.ProcessEnv
}

export interface ChildResult {
  /** Nothing when a signal ended it. */
  code: number | null
  /** Standard output and standard error as they came. */
  output: string
  seconds: number
}

/**
 * Runs Node (this very version) on a script and collects what it prints.
 *
 * @param args options of Node, the script and its arguments
 */
export async function runNode(args: string[], options: ChildOptions): Promise<ChildResult> {
  const started = performance.now()
  const child = spawn(process.execPath, args, {
    cwd: options.cwd,
    env: options.env,
    timeout: options.timeoutMs,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const stop = (): boolean => child.kill()
  options.signal?.addEventListener('abort', stop)
  const chunks: Buffer[] = []
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk))
  child.stderr.on('data', (chunk: Buffer) => chunks.push(chunk))
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', resolve)
  })
  options.signal?.removeEventListener('abort', stop)
  return { code, output: Buffer.concat(chunks).toString(), seconds: (performance.now() - started) / 1000 }
}
