import type { TestProject } from 'vitest/node'
import { provideStack } from './test-stack.ts'

/** PostgreSQL alone. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  return provideStack(project, { parts: ['postgres'] })
}
