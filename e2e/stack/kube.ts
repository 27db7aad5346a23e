import type { TestProject } from 'vitest/node'
import { provideStack } from './test-stack.ts'

/** An API server, etcd and the controller manager: objects live and are garbage-collected, no pod runs. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  return provideStack(project, { parts: ['kube-controller-manager'] })
}
