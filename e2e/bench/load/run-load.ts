/** Has a load generator do a job. */
import type { ChildProcess } from 'node:child_process'

import { tell } from './helper-process.ts'
import { GO, type Job, type Load } from './job.ts'

/** Requests made and connections open. @returns what begins it, for jobs that begin at the same moment */
export async function prepareLoad(generator: ChildProcess, job: Job): Promise<() => Promise<Load>> {
  await tell<string>(generator, job)
  return async () => tell<Load>(generator, GO)
}

export const runLoad = async (generator: ChildProcess, job: Job): Promise<Load> =>
  (await prepareLoad(generator, job))()
