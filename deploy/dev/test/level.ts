/** Every level there is: the answer of `--full` and of `SHIPYARD_TEST_LEVEL=all`. */
const ALL_LEVELS = 9

/**
 * Reads how deep the tests go: 1 on every change, higher before an issue is called resolved.
 *
 * @param text a level from 1 to 9 or `all`; nothing means 1
 */
export function parseTestLevel(text: string | undefined): number {
  if (text === undefined || text === '') return 1
  if (text === 'all') return ALL_LEVELS
  const level = Number(text)
  if (Number.isInteger(level) && level >= 1 && level <= ALL_LEVELS) return level
  throw new Error(`SHIPYARD_TEST_LEVEL is "${text}"; give a level from 1 to ${ALL_LEVELS}, or "all".`)
}

/** What chance starts from on every change: the same cases for everybody, so that a change is what made a test fail. */
const USUAL_SEED = 20_261_122

/**
 * Reads what generated cases start from. Higher levels look for new cases each time, which is what they are for.
 *
 * @param text `SHIPYARD_TEST_SEED`, as a failed test has named it; nothing means by the level
 * @param fresh a number that no other run has
 */
export function parseTestSeed(
  text: string | undefined,
  { level, fresh }: { level: number; fresh: number },
): number {
  if (text === undefined || text === '') return level === 1 ? USUAL_SEED : fresh
  const seed = Number(text)
  if (Number.isInteger(seed) && seed >= 0 && seed < 2 ** 31) return seed
  throw new Error(`SHIPYARD_TEST_SEED is "${text}"; give a whole number below 2,147,483,648.`)
}
