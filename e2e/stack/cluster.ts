import type { TestProject } from 'vitest/node'
import { manifests } from '../../deploy/dev/start/manifests.ts'
import { provideStack } from './test-stack.ts'

/** The whole stack, with the definitions and rights that `npm start` puts there. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  return provideStack(project, { apps: [manifests] })
}
