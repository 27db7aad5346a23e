/** The only door of the development commands to the environment. */
import { parseTestLevel } from './test/level.ts'

/** How deep the tests go, by `SHIPYARD_TEST_LEVEL`. */
export const testLevel = (): number => parseTestLevel(process.env.SHIPYARD_TEST_LEVEL)

/** The environment for a program started from here: this process's own, with `extra` over it. */
export const environmentWith = (extra: Record<string, string>): NodeJS.ProcessEnv => ({
  ...process.env,
  ...extra,
})
