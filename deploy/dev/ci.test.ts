/** `.ci/run` with an npm that says what the test wants it to say. */
import { execFile } from 'node:child_process'
import { chmodSync, cpSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { expect, it } from 'vitest'

import { root } from './root.ts'
import { environmentWith } from './settings.ts'
import { tempTree } from './testing/temp-tree.ts'

interface Said {
  check: number
  test: number
  lines: string
}

async function run({
  check,
  test,
  lines,
}: Said): Promise<{ code: unknown; last: string | undefined; out: string }> {
  const folder = tempTree({
    'bin/npm': `#!/bin/sh
echo "ci=$CI in $PWD: $*"
case "$*" in *check*) exit ${check} ;; esac
printf '${lines}'
exit ${test}
`,
  })
  chmodSync(join(folder, 'bin/npm'), 0o755)
  cpSync(join(root, '.ci'), join(folder, '.ci'), { recursive: true })
  const environment = environmentWith({})
  const env = { ...environment, PATH: `${join(folder, 'bin')}${delimiter}${environment.PATH}` }
  return new Promise((resolve) => {
    // Not from the root of the clone: the script has to find it.
    execFile(join(folder, '.ci/run'), { cwd: '/', env, timeout: 10_000 }, (error, out) => {
      resolve({ code: error?.code ?? 0, last: out.trimEnd().split('\n').at(-1), out })
    })
  })
}

it('passes on the line of the tests when all is well', async () => {
  const { code, last, out } = await run({ check: 0, test: 0, lines: 'x\\n7 passed, 0 failed, 1 skipped\\n' })
  expect({ code, last }).toEqual({ code: 0, last: '7 passed, 0 failed, 1 skipped' })
  expect(out).toMatch(/^ci=true in .+: run --silent check\nci=true in .+: test --silent\n/)
})

it('runs the tests though the check fails, and counts that as one failure', async () => {
  const result = await run({ check: 1, test: 0, lines: '7 passed, 0 failed, 1 skipped\\n' })
  expect(result).toMatchObject({ code: 1, last: '7 passed, 1 failed, 1 skipped' })
})

it('adds a failed check to failed tests', async () => {
  const result = await run({ check: 1, test: 1, lines: '7 passed, 2 failed, 0 skipped\\n' })
  expect(result).toMatchObject({ code: 1, last: '7 passed, 3 failed, 0 skipped' })
})

it('does not take tests that crashed for a success', async () => {
  expect(await run({ check: 0, test: 1, lines: 'Segmentation fault\\n' })).toMatchObject({
    code: 1,
    last: '0 passed, 1 failed, 0 skipped',
  })
  expect(await run({ check: 0, test: 0, lines: 'nothing like it\\n' })).toMatchObject({ code: 1 })
})
