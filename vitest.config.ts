/**
 * One project a suffix, because the suffix of a test file says what its tests need. `npm test` runs the
 * projects one after another (deploy/dev/test.ts), so each has its stack for itself and ends it at its end.
 */
import { randomInt } from 'node:crypto'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { defineConfig, type TestProjectConfiguration } from 'vitest/config'

import { parseTestLevel, parseTestSeed } from './deploy/dev/test/level.ts'
import { PROJECTS, type ProjectName } from './deploy/dev/test/projects.ts'

// Vitest's version is pinned, so its warning about type tests says nothing new.
process.env.VITEST_DISABLE_EXPERIMENTAL_LOG = '1'

interface Suite {
  name: ProjectName
  /** The ending of its files. */
  suffix: string
  timeoutSeconds: number
  /**
   * Its parts are started once by `e2e/stack/<name>.ts` (a vitest global set-up), which gives their addresses
   * to the tests by `provide` and `inject`, and stops them at the end.
   */
  hasStack?: boolean
  /** Its files share what cannot be shared at the same time. */
  oneFileAtATime?: boolean
}

const suites: Suite[] = [
  { name: 'unit', suffix: 'test.{ts,tsx}', timeoutSeconds: 20 },
  { name: 'db', suffix: 'db.test.ts', timeoutSeconds: 30, hasStack: true },
  { name: 'kube', suffix: 'kube.test.ts', timeoutSeconds: 60, hasStack: true },
  { name: 'cluster', suffix: 'cluster.ts', timeoutSeconds: 180, hasStack: true, oneFileAtATime: true },
  { name: 'browser', suffix: 'e2e.ts', timeoutSeconds: 120, hasStack: true, oneFileAtATime: true },
]

const testLevel = parseTestLevel(process.env.SHIPYARD_TEST_LEVEL)
const testSeed = parseTestSeed(process.env.SHIPYARD_TEST_SEED, {
  level: testLevel,
  fresh: randomInt(2 ** 31),
})

const rooms = '{src,operator,web,e2e,deploy,prisma}/**'
const elsewhere = ['**/node_modules/**', 'deploy/local/tools/**']

function project(suite: Suite): TestProjectConfiguration {
  return {
    test: {
      name: suite.name,
      include: [`${rooms}/*.${suite.suffix}`],
      exclude: suite.name === 'unit' ? [...elsewhere, '**/*.{db,kube}.test.ts'] : elsewhere,
      setupFiles: [join(import.meta.dirname, 'deploy/dev/test/setup.ts')],
      globalSetup: suite.hasStack ? [`e2e/stack/${suite.name}.ts`] : [],
      provide: { testLevel, testSeed },
      restoreMocks: true,
      unstubEnvs: true,
      maxWorkers: suite.oneFileAtATime ? 1 : availableParallelism(),
      sequence: { groupOrder: PROJECTS.indexOf(suite.name) },
      testTimeout: suite.timeoutSeconds * 1000,
      hookTimeout: suite.timeoutSeconds * 1000,
    },
  }
}

const types: TestProjectConfiguration = {
  test: {
    name: 'types',
    include: [],
    typecheck: {
      enabled: true,
      only: true,
      include: [`${rooms}/*.test-d.ts`],
      tsconfig: 'tsconfig.json',
      // Errors elsewhere are `npm run check`'s to report.
      ignoreSourceErrors: true,
    },
  },
}

export default defineConfig({
  test: { passWithNoTests: true, projects: [...suites.map(project), types] },
})
