/** Tens of thousands of short lives of small deployments. In two files, so that two processors lead them. */
import { expect, inject, it } from 'vitest'

import { leadSmallLives } from '../testing/lead-small-lives.ts'
import { MISHAPS } from '../testing/mishaps.ts'

const CASES = inject('testLevel') >= 9 ? 10_000 : 1000
const seed = inject('testSeed') + 1

it(
  `comes to the same end whatever happens on the way, in the second ${CASES} of short lives (seed ${seed})`,
  { timeout: 600_000 },
  async () => {
    expect(await leadSmallLives(CASES, seed)).toEqual(new Set(MISHAPS))
  },
)
