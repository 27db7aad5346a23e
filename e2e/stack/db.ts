import type { TestProject } from 'vitest/node'
import { provideStack } from './test-stack.ts'

/** PostgreSQL, and Redis for the sessions that may be kept in it. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  return provideStack(project, { parts: ['postgres', 'redis'] })
}
