import { runNode, type ChildResult } from '../child.ts'
import type { Step } from './steps.ts'

const STEP_TIMEOUT_MS = 5 * 60_000

export interface StepsOptions {
  folder: string
  /** How many steps run at once. */
  width: number
  signal: AbortSignal
  onDone(step: Step, result: ChildResult): void
}

/** The steps that failed, in their order, each with its result. */
export type Failures = { step: Step; result: ChildResult }[]

/**
 * Runs all steps, whatever fails, a few side by side.
 *
 * @returns those that failed; when the signal is aborted, those that were cut off too
 */
export async function runSteps(steps: Step[], options: StepsOptions): Promise<Failures> {
  const waiting = steps.values()
  const results = new Map<Step, ChildResult>()
  const work = async (): Promise<void> => {
    for (const step of waiting) {
      if (options.signal.aborted) return
      const result = await runNode(step.args, {
        cwd: options.folder,
        timeoutMs: STEP_TIMEOUT_MS,
        signal: options.signal,
      })
      results.set(step, result)
      options.onDone(step, result)
    }
  }
  await Promise.all(Array.from({ length: options.width }, work))
  return steps.flatMap((step) => {
    const result = results.get(step)
    return result && result.code !== 0 ? [{ step, result }] : []
  })
}
