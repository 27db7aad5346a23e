import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { dashboardUrl } from '../../deploy/dev/start/server.ts'
import { programStore } from '../../deploy/local/programs/store.ts'
import { repository } from '../../deploy/local/settings.ts'
import { controlPort, StackError } from '../../deploy/local/folder.ts'
import { startStack, type Stack, type StackOptions } from '../../deploy/local/stack.ts'
import { stopStack } from '../../deploy/local/tidy.ts'
import type { StackEnv } from '../../deploy/local/component.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** Variables that lead to the parts of the project's stack. */
    stackEnv: StackEnv
    /** Its folder, for tests that look at logs or add objects as the administrator. */
    stackFolder: string
    /** Where the dashboard answers, in projects whose stack has it. */
    dashboardUrl: string
    /** Why no pod can run here; empty where one can. */
    whyNoNode: string
  }
}

/** Default: all parts and nothing of Shipyard's own. */
type TestStackOptions = Pick<StackOptions, 'parts' | 'apps' | 'isVerbose'>

/**
 * Brings up a fresh stack for one project of the tests and takes it down after the last of them. Each run
 * has a folder of its own, so that two runs and a running `npm start` never meet.
 */
export async function provideStack(
  project: TestProject,
  options: TestStackOptions = {},
): Promise<() => Promise<void>> {
  const stack = await startFresh(project.name, options)
  try {
    await stack.untilReady()
  } catch (error) {
    await stack.stop()
    throw error
  }
  project.provide('stackEnv', stack.env)
  project.provide('stackFolder', stack.site.folder)
  project.provide('dashboardUrl', dashboardUrl(stack.site))
  project.provide('whyNoNode', stack.site.machine.whyNoNode ?? '')
  return async () => {
    await stack.stop()
    await rm(stack.site.folder, { recursive: true, force: true })
  }
}

/** The first of a few folders that no live run holds; what a killed run left there is taken down first. */
async function startFresh(name: string, options: TestStackOptions): Promise<Stack> {
  for (let number = 1; number <= 8; number++) {
    const folder = join(repository, '.shipyard/test', `${name}-${number}`)
    if (controlPort(folder) !== undefined) continue
    await stopStack(folder)
    await rm(folder, { recursive: true, force: true })
    try {
      return await startStack({ folder, programs: programStore({}), ...options })
    } catch (error) {
      if (!(error instanceof StackError) || controlPort(folder) === undefined) throw error
    }
  }
  throw new Error('Eight test runs are under way in this folder already.')
}
