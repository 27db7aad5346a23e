import type { TestProject } from 'vitest/node'
import { apps } from '../../deploy/dev/start/apps.ts'
import { provideStack } from './test-stack.ts'

/**
 * What `npm start` brings up, by the very same parts: the whole stack, and on it server, operator and dashboard.
 * They say all that they can to their logs, which a test searches for a secret.
 */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  return provideStack(project, { apps, isVerbose: true })
}
