/** Tens of thousands of short lives of small deployments. In two files, so that two processors lead them. */
import { expect, inject, it } from 'vitest'

import { MISHAPS } from '../testing/mishaps.ts'
import { leadInThread } from '../testing/small-lives-thread.ts'

const CASES = inject('testLevel') >= 9 ? 10_000 : 1000
const seed = inject('testSeed')

it(
  `comes to the same end whatever happens on the way, in the first ${CASES} of short lives (seed ${seed})`,
  { timeout: 600_000 },
  async ({ signal }) => {
    expect(await leadInThread({ cases: CASES, seed }, signal)).toEqual(new Set(MISHAPS))
  },
)
