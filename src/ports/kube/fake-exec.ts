import { PassThrough } from 'node:stream'

import type { ExecOptions, LogSource, RunningProgram, TerminalSize } from './port.ts'

/** A program of a fake cluster, with the test in the place of the container. */
export interface FakeProgram {
  readonly source: LogSource
  readonly command: readonly string[]
  /** The last one that was said. */
  readonly size: TerminalSize | undefined
  /** What is typed, for the test to read, and what it has to say. */
  readonly input: PassThrough
  readonly output: PassThrough
  readonly isLeft: boolean
  /** It ends by itself. */
  end(exitCode: number): void
  /** It is lost. */
  break(error: Error): void
}

/** The programs in the containers of a fake cluster: they do what the test does. */
export class FakeExec {
  readonly programs: FakeProgram[] = []
  refusal: Error | undefined

  start(source: LogSource, { command, size, signal }: ExecOptions): RunningProgram {
    signal.throwIfAborted()
    if (this.refusal) throw this.refusal
    const [input, output, errors] = [new PassThrough(), new PassThrough(), new PassThrough()]
    const exit = Promise.withResolvers<number>()
    exit.promise.catch(() => undefined)
    let [now, isLeft] = [size, false]
    const leave = (error: unknown): void => {
      isLeft = true
      exit.reject(error)
      for (const stream of [input, output, errors]) stream.destroy()
    }
    signal.addEventListener('abort', () => leave(signal.reason), { once: true })
    this.programs.push({
      source,
      command,
      input,
      output,
      get size() {
        return now
      },
      get isLeft() {
        return isLeft
      },
      end(code) {
        exit.resolve(code)
        output.end()
        errors.end()
      },
      break(error) {
        exit.reject(error)
        output.end()
        errors.end()
      },
    })
    return {
      stdin: input,
      stdout: output,
      stderr: errors,
      exit: exit.promise,
      resize: (changed) => void (now = changed),
      close: () => leave(new Error('left')),
    }
  }
}
