/**
 * `npm test [-- part-of-a-path] [--full] [--project name] [vitest options]`: runs the vitest projects one
 * after another, quick ones first, all of them whatever fails, and ends with `N passed, N failed, N skipped`.
 */
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { createVitest, parseCLI } from 'vitest/node'

import { root } from './root.ts'
import { environmentWith, testLevel } from './settings.ts'
import { PROJECTS, type ProjectName } from './test/projects.ts'
import { lost, report, total, type Summary } from './test/summary.ts'

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

const started = performance.now()
const since = (from: number): number => (performance.now() - from) / 1000
const full = process.argv.includes('--full')
const passed = process.argv.slice(2).filter((argument) => argument !== '--full')
try {
  testLevel()
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n`)
  process.exit(1)
}
const environment = environmentWith(full ? { SHIPYARD_TEST_LEVEL: 'all' } : {})

/** The projects that have a file for these arguments: the others need not be started, nor their parts. */
async function projectsToRun(): Promise<ProjectName[]> {
  const { filter, options } = parseCLI(['vitest', 'run', ...passed])
  const vitest = await createVitest({ root, ...options, run: true, watch: false })
  const specifications = await vitest.globTestSpecifications(filter)
  await vitest.close()
  const found = new Set(specifications.map((specification) => specification.project.name))
  return PROJECTS.filter((name) => found.has(name))
}

let interrupted = false

async function run(project: ProjectName): Promise<Summary> {
  const begun = performance.now()
  const script = join(root, 'deploy/dev/test/run-project.ts')
  const child = spawn(process.execPath, [script, project, ...withoutProject(passed)], {
    cwd: root,
    env: environment,
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  const interrupt = (): void => {
    interrupted = true
    child.kill('SIGINT')
  }
  for (const signal of SIGNALS) process.on(signal, interrupt)
  let summary: Summary | undefined
  child.on('message', (message) => {
    summary = message as Summary
  })
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', resolve)
  })
  for (const signal of SIGNALS) process.off(signal, interrupt)
  const outcome = summary ?? lost(project, since(begun))
  // Vitest can fail without a failed test: unhandled errors, thresholds, an interruption.
  return code === 0 || outcome.failed > 0 ? outcome : { ...outcome, failed: 1 }
}

/** The child is told its project by name, so `--project x` and `--project=x` are taken out for it. */
function withoutProject(args: string[]): string[] {
  return args.filter((arg, index) => !arg.startsWith('--project') && args[index - 1] !== '--project')
}

const summaries: Summary[] = []
for (const project of await projectsToRun()) {
  if (!interrupted) summaries.push(await run(project))
}
process.stdout.write(`\n${report(summaries, since(started))}`)
process.exitCode = total(summaries).ok ? 0 : 1
