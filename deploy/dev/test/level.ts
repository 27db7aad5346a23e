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
