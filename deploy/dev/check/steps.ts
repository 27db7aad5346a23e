/** What `npm run check` consists of: each step a command of its own, so that they can run side by side. */
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'

import { root } from '../root.ts'
import { wallsArguments } from './walls.ts'

export interface Step {
  name: string
  /** What Node is started with, in the root of the repository. */
  args: string[]
}

/** Steps written here: they give a list of problems, each a text for people. */
const OWN_STEPS: Record<string, () => Promise<string[]>> = {
  bans: async () => (await import('./bans.ts')).checkBans(root),
  budgets: async () => (await import('./budgets.ts')).checkBudgets(root),
  lock: async () => (await import('./lock.ts')).checkLock(root),
  compose: async () => (await import('../check-compose.ts')).checkCompose(),
  generated: async () => (await import('../gen.ts')).findStale(),
}

const tool = (name: string, ...args: string[]): string[] => [join(root, 'node_modules/.bin', name), ...args]
const own = (name: string): string[] => [join(root, 'deploy/dev/check/own-step.ts'), name]

/** Runs one of the steps that are written here. */
export async function runOwnStep(name: string): Promise<string[]> {
  const step = OWN_STEPS[name]
  if (!step) throw new Error(`There is no step "${name}"; there are ${Object.keys(OWN_STEPS).join(', ')}.`)
  return step()
}

/** The steps of this repository, those that take longest first: they fill the cores best that way. */
export function allSteps(): Step[] {
  const steps: Step[] = [
    { name: 'lint', args: tool('oxlint') },
    { name: 'types: node', args: tool('tsc', '--project', 'tsconfig.json') },
    { name: 'unused', args: tool('knip', '--treat-config-hints-as-errors') },
    { name: 'walls', args: wallsArguments(root, 'err-long') },
    { name: 'format', args: tool('oxfmt', '--check') },
    ...Object.keys(OWN_STEPS).map((name) => ({ name, args: own(name) })),
  ]
  if (hasSources('web')) steps.splice(2, 0, { name: 'types: web', args: tool('tsc', '--project', 'web') })
  return steps
}

function hasSources(folder: string): boolean {
  const path = join(root, folder)
  return (
    existsSync(path) && readdirSync(path, { recursive: true }).some((file) => /\.tsx?$/.test(String(file)))
  )
}
