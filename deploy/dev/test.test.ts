/** `npm test` as a whole, on small repositories that use this one's configuration. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, it, onTestFinished, vi } from 'vitest'

import { runNode } from './child.ts'
import { root } from './root.ts'
import { environmentWith } from './settings.ts'
import { tempTree } from './testing/temp-tree.ts'

// Several starts of vitest each.
vi.setConfig({ testTimeout: 60_000 })

const PASSES = "import { expect, it } from 'vitest'\nit('passes', () => expect(1).toBe(1))"
const FAILS = "import { expect, it } from 'vitest'\nit('fails', () => expect(1).toBe(2))"
const IMPORTS = `import { expect, it } from 'vitest'\nimport { atLevel, skipUnless } from '${root}/src/testing/levels.ts'`

function repository(files: Record<string, string>): string {
  const folder = tempTree({
    'package.json': '{ "type": "module" }',
    'tsconfig.json': JSON.stringify({ extends: join(root, 'tsconfig.json'), include: ['src'] }),
    'vitest.config.ts': `export { default } from '${root}/vitest.config.ts'`,
    ...files,
  })
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'))
  return folder
}

const environment = environmentWith({ SHIPYARD_TEST_LEVEL: '', NO_COLOR: '1', FORCE_COLOR: '0' })

async function npmTest(
  files: Record<string, string>,
  ...args: string[]
): Promise<{ code: number | null; output: string }> {
  const command = [join(root, 'deploy/dev/test.ts'), '--root', repository(files), ...args]
  return runNode(command, { cwd: root, timeoutMs: 50_000, env: environment })
}

const last = (output: string): string | undefined => output.trimEnd().split('\n').at(-1)

it('runs each suffix in its project, with the parts that the project needs', async () => {
  const { code, output } = await npmTest({
    'src/a.test.ts': PASSES,
    'src/a.test-d.ts':
      "import { expectTypeOf, it } from 'vitest'\nit('is', () => expectTypeOf(1).toEqualTypeOf<number>())",
    'src/a.db.test.ts':
      "import { expect, inject, it } from 'vitest'\nit('has', () => expect(inject('dsn')).toBe('db'))",
    'e2e/stack/db.ts': "export const setup = ({ provide }) => provide('dsn', 'db')",
    'operator/a.kube.test.ts': PASSES,
    'e2e/stack/kube.ts': 'export const setup = () => {}',
    'e2e/cluster/a.cluster.ts': PASSES,
    'e2e/stack/cluster.ts': 'export const setup = () => {}',
    'e2e/browser/a.e2e.ts': PASSES,
    'e2e/stack/browser.ts': 'export const setup = () => {}',
  })
  const projects = [...output.matchAll(/^(\w+) +1 +1 +0 +0 +[\d.]+$/gm)].map((match) => match[1])
  expect(projects, output).toEqual(['unit', 'types', 'db', 'kube', 'cluster', 'browser'])
  expect(last(output)).toBe('6 passed, 0 failed, 0 skipped')
  expect(code).toBe(0)
})

it('fails a type test whose type is another', async () => {
  const { output } = await npmTest({
    'src/a.test-d.ts': `import { expectTypeOf, it } from 'vitest'
it('is', () => expectTypeOf(1).toEqualTypeOf<number>())
it('is not', () => expectTypeOf(1).toEqualTypeOf<string>())`,
  })
  expect(last(output)).toBe('1 passed, 1 failed, 0 skipped')
})

it('goes on after a failure, and fails in the end', async () => {
  const { code, output } = await npmTest({
    'src/a.test.ts': FAILS,
    'src/b.test.ts': PASSES,
    'src/c.db.test.ts': PASSES,
    'e2e/stack/db.ts': "export const setup = () => { throw new Error('no database today') }",
    'src/d.kube.test.ts': PASSES,
    'e2e/stack/kube.ts': 'export const setup = () => {}',
  })
  expect(output).toContain('no database today')
  expect(last(output)).toBe('2 passed, 2 failed, 0 skipped')
  expect(code).toBe(1)
})

it('takes a part of a path, a name and a project, as vitest does', async () => {
  const files = { 'src/a.test.ts': PASSES, 'src/b.test.ts': `${PASSES}\n${FAILS.split('\n')[1]}` }
  expect(last((await npmTest(files, 'src/a')).output)).toBe('1 passed, 0 failed, 0 skipped')
  expect(last((await npmTest(files, '--project', 'unit', 'src/b')).output)).toBe(
    '1 passed, 1 failed, 0 skipped',
  )
})

it('fails when nothing matches', async () => {
  const { code, output } = await npmTest({ 'src/a.test.ts': PASSES }, 'src/nothing-like-it')
  expect(output).toMatch(/No test was found\. .+\n0 passed, 0 failed, 0 skipped\n$/)
  expect(code).toBe(1)
})

it('fails a test that writes to the console, however it does', async () => {
  const writes = [
    "console.log('a')",
    "console.error('b')",
    "process.stdout.write('c')",
    "process.stderr.write('d')",
  ]
  const files = writes.map((code, index) => [
    `src/${index}.test.ts`,
    PASSES.replace('expect(1)', `${code}; expect(1)`).replace('=> ', '=> { ').replace(/\)$/, ' })'),
  ])
  const { output } = await npmTest({
    ...(Object.fromEntries(files) as Record<string, string>),
    'src/replaced.test.ts':
      "import { expect, it, vi } from 'vitest'\nit('prints', () => { const write = vi.spyOn(process.stdout, 'write').mockReturnValue(true); process.stdout.write('x'); expect(write).toHaveBeenCalledWith('x') })",
  })
  expect(output).toContain('Something was written to the console:\nconsole.log: a\n  at')
  expect(last(output)).toBe(`1 passed, ${writes.length} failed, 0 skipped`)
})

it('fails for what is written outside of tests, and for what nobody catches', async () => {
  const { output } = await npmTest({
    'src/late.test.ts': `${PASSES}\nimport { afterAll } from 'vitest'\nafterAll(() => console.log('late'))`,
    'src/rejected.test.ts': `${PASSES}\nvoid Promise.reject(new Error('nobody catches me'))`,
    'src/set-up.test.ts': `${PASSES}\nimport { beforeAll } from 'vitest'\nbeforeAll(() => { throw new Error('no') })`,
    'src/broken.test.ts': "import './no-such-file.ts'",
  })
  expect(output).toContain('nobody catches me')
  expect(last(output)).toBe('2 passed, 4 failed, 0 skipped')
})

it('defines tests by level, and says why others are skipped', async () => {
  const files = {
    'src/a.test.ts': `${IMPORTS}
it('always', () => expect(1).toBe(1))
atLevel(2, () => it('deep', () => expect(1).toBe(1)))
skipUnless(true, 'never said', () => it('possible', () => expect(1).toBe(1)))
skipUnless(false, 'needs a moon', () => {
  it('one', () => expect(1).toBe(2))
  it('two', () => expect(1).toBe(2))
})
it('noted', ({ skip }) => skip('needs a sun'))`,
    'src/b.test.ts': `${IMPORTS}\natLevel(9, () => it('deepest', () => expect(1).toBe(1)))`,
  }
  const shallow = await npmTest(files)
  expect(shallow.output).toContain('skipped in unit: 2 (needs a moon)')
  expect(shallow.output).toContain('skipped in unit: 1 (needs a sun)')
  expect(shallow.output).toContain('no test at this level: src/b.test.ts')
  expect(last(shallow.output)).toBe('2 passed, 0 failed, 3 skipped')
  expect(last((await npmTest(files, '--full')).output)).toBe('4 passed, 0 failed, 3 skipped')
})

it('tears down what a project started when it is interrupted', async () => {
  const folder = repository({
    'src/a.kube.test.ts':
      "import { it } from 'vitest'\nit('hangs', () => new Promise(() => setTimeout(() => {}, 60_000)))",
    'e2e/stack/kube.ts': `
import { writeFileSync } from 'node:fs'
export const setup = () => writeFileSync(import.meta.dirname + '/../../up', '')
export const teardown = () => writeFileSync(import.meta.dirname + '/../../down', '')`,
  })
  const child = spawn(process.execPath, [join(root, 'deploy/dev/test.ts'), '--root', folder], {
    cwd: root,
    env: environment,
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  let output = ''
  child.stdout.on('data', (chunk) => (output += String(chunk)))
  await vi.waitFor(() => expect(existsSync(join(folder, 'up'))).toBe(true), 8000)
  const pressed = performance.now()
  child.kill('SIGINT')
  // The test hangs on, so that it takes a second signal to end it at once.
  await sleep(300)
  child.kill('SIGINT')
  const [code] = (await once(child, 'close')) as [number | null]
  expect(readFileSync(join(folder, 'down'), 'utf8')).toBe('')
  expect(performance.now() - pressed).toBeLessThan(4500)
  expect(code).toBe(1)
  expect(last(output)).toMatch(/^0 passed, [1-9] failed, \d skipped$/)
})
