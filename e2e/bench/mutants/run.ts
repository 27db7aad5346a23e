import { cpSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

import { runNode, type ChildResult } from '../../../deploy/dev/child.ts'
import { root } from '../../../deploy/dev/root.ts'
import type { Mutant } from './operator.ts'

const NEEDED = [
  ...['operator', 'src', 'deploy', 'prisma', 'e2e'],
  ...['package.json', 'tsconfig.json', 'vitest.config.ts'],
]

/** A copy of what the tests need; the packages are the repository's own. */
export function copyRepository(folder: string): void {
  for (const each of NEEDED) cpSync(join(root, each), join(folder, each), { recursive: true })
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'))
}

/** @throws when the text does not stand there exactly once: the list is older than the code */
export function planted({ file, text, instead }: Mutant, source: string): string {
  const parts = source.split(text)
  const [before, after] = parts
  if (parts.length !== 2 || before === undefined || after === undefined) {
    throw new Error(`${file} has ${parts.length - 1} times, not once: ${text}`)
  }
  return before + instead + after
}

/**
 * Plants a mutant into the copy, runs what has to notice it, and takes it out again. What needs nothing is asked first,
 * for mostly it notices, and PostgreSQL need not be started; then one file after another, as they are given.
 *
 * @returns whether it was noticed
 */
export async function isCaught(folder: string, mutant: Mutant, signal: AbortSignal): Promise<boolean> {
  const path = join(folder, mutant.file)
  const source = readFileSync(path, 'utf8')
  writeFileSync(path, planted(mutant, source))
  const needsDatabase = (file: string): boolean => file.endsWith('.db.test.ts')
  const stages = [
    mutant.tests.filter((file) => !needsDatabase(file)),
    ...mutant.tests.filter(needsDatabase).map((file) => [file]),
  ]
  try {
    for (const files of stages) {
      if (files.length > 0 && (await runTests(folder, files, signal)).code !== 0) return true
    }
    return false
  } finally {
    writeFileSync(path, source)
  }
}

const TIMEOUT_MS = 5 * 60_000

/** The first failure ends it. */
export async function runTests(
  folder: string,
  files: readonly string[],
  signal: AbortSignal,
): Promise<ChildResult> {
  const vitest = join(root, 'node_modules/vitest/vitest.mjs')
  const projects = files.some((file) => file.endsWith('.db.test.ts')) ? ['unit', 'db'] : ['unit']
  const args = [vitest, 'run', ...projects.flatMap((each) => ['--project', each])]
  return runNode([...args, '--bail', '1', '--maxWorkers', '1', ...files], {
    cwd: folder,
    timeoutMs: TIMEOUT_MS,
    signal,
  })
}
