import { execFile } from 'node:child_process'
import { writeFile } from 'node:fs/promises'

export interface RunOptions {
  /** Milliseconds; the program is killed afterwards. Default 10,000. */
  readonly timeoutMs?: number
  readonly env?: Readonly<Record<string, string>>
  /** Written to the program's standard input. */
  readonly input?: string
  /** Keep everything that it prints in this file, for people who look for the reason. */
  readonly logTo?: string
  readonly cwd?: string
  readonly uid?: number
  readonly gid?: number
}

/** A program that ended badly: its last words are the message. */
class RunError extends Error {
  override readonly name = 'RunError'
  readonly stderr: string

  constructor(command: string, stderr: string, cause: unknown) {
    const words = stderr.trim().split('\n').slice(-3).join(' ').slice(-600)
    super(`${command} failed: ${words || String(cause)}`, { cause })
    this.stderr = stderr
  }
}

/**
 * Runs a program to its end and answers with its standard output. No shell is involved.
 * @throws {RunError} when it exits non-zero, cannot be started, or outlives its time.
 */
export async function run(path: string, args: readonly string[], options: RunOptions = {}): Promise<string> {
  const { timeoutMs = 10_000, env, input, logTo, uid, gid, cwd } = options
  const ids = { ...(uid === undefined ? {} : { uid }), ...(gid === undefined ? {} : { gid }) }
  return new Promise((resolve, reject) => {
    const child = execFile(
      path,
      [...args],
      {
        timeout: timeoutMs,
        killSignal: 'SIGKILL',
        maxBuffer: 64 << 20,
        ...(env ? { env } : {}),
        ...(cwd ? { cwd } : {}),
        ...ids,
      },
      (error, stdout, stderr) => {
        const settle = (): void => {
          if (error) reject(new RunError([path, ...args.slice(0, 3)].join(' '), stderr, error))
          else resolve(stdout)
        }
        if (logTo === undefined) settle()
        else void writeFile(logTo, stdout + stderr).finally(settle)
      },
    )
    if (input !== undefined) child.stdin?.end(input)
  })
}
