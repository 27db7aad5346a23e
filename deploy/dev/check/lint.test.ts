import { readFileSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'

import { runNode } from '../child.ts'
import { root } from '../root.ts'
import { tempTree } from '../testing/temp-tree.ts'

const many = (count: number, line: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => line(index)).join('\n')

/** The bans and budgets of the house, each broken once: rule → file → code. */
const BREACHES: Record<string, [path: string, code: string]> = {
  'typescript(no-floating-promises)': ['src/a.ts', 'export async function f() {}\nf()'],
  'typescript(no-misused-promises)': [
    'src/b.ts',
    'export const f = (list: number[]) => list.filter(async (x) => x > 1)',
  ],
  'typescript(switch-exhaustiveness-check)': [
    'src/c.ts',
    "export function f(x: 'a' | 'b') {\n  switch (x) {\n    case 'a':\n      return 1\n  }\n  return 2\n}",
  ],
  'typescript(no-explicit-any)': ['src/d.ts', 'export const f = (x: any): unknown => x'],
  'typescript(no-non-null-assertion)': ['src/e.ts', 'export const f = (x: number[]): number => x[0]!'],
  'typescript(consistent-type-imports)': [
    'src/f.ts',
    "import { Stats } from 'node:fs'\nexport const f = (x: Stats): number => x.size",
  ],
  'typescript(explicit-module-boundary-types)': ['operator/a.ts', 'export const f = (x: number) => x + 1'],
  'typescript(only-throw-error)': ['src/g.ts', "export function f(): never {\n  throw 'x'\n}"],
  'typescript(no-unsafe-member-access)': ['src/h.ts', "export const f = (): unknown => JSON.parse('1').x"],
  'eslint(max-params)': ['src/i.ts', 'export const f = (a: 1, b: 1, c: 1, d: 1): number => a + b + c + d'],
  'eslint(complexity)': [
    'src/j.ts',
    `export function f(x: number): number {\n${many(10, (i) => `  if (x === ${i}) return ${i}`)}\n  return x\n}`,
  ],
  'eslint(max-depth)': [
    'src/k.ts',
    'export function f(x: number): void {\n  if (x > 1) {\n    if (x > 2) {\n      if (x > 3) {\n        if (x > 4) f(x)\n      }\n    }\n  }\n}',
  ],
  'eslint(max-lines-per-function)': [
    'src/l.ts',
    `export function f(x: number): void {\n${many(59, (i) => `  f(x + ${i})`)}\n}`,
  ],
  'eslint(max-lines)': ['src/m.ts', many(301, (i) => `export const x${i} = ${i}`)],
  'eslint(no-restricted-globals)': ['src/n.ts', "console.log('x')\nexport {}"],
  'eslint(no-restricted-properties)': ['src/o.ts', 'export const x = [process.env.HOME, Date.now()]'],
  'eslint(no-restricted-imports)': [
    'src/p.ts',
    "export { exec } from 'node:child_process'\nexport { env } from 'node:process'\nexport { x } from './b/index.ts'",
  ],
  'import(no-commonjs)': ['src/r.ts', "export const x: unknown = require('node:fs')"],
  'unicorn(prefer-node-protocol)': ['src/s.ts', "import { type Stats } from 'fs'\nexport type X = Stats"],
  'vitest(no-focused-tests)': [
    'src/t.test.ts',
    "import { expect, it } from 'vitest'\nit.only('x', () => expect(1).toBe(1))",
  ],
}

/** What the bans allow, where they allow it. */
const CLEAN: Record<string, string> = {
  'src/config.ts': 'export const home = process.env.HOME',
  'src/ports/clock/system-clock.ts': 'export const now = (): number => Date.now()',
  'vitest.config.ts': 'export default { level: process.env.LEVEL }',
  'src/modules/teams/router.ts': 'export const router = (x: number) => ({ x })',
  'src/long.test.ts': `import { expect, it } from 'vitest'\nit('is long', () => {\n${many(61, () => '  expect(1).toBe(1)')}\n})`,
  'src/started.ts': 'export async function f(): Promise<void> {\n  await Promise.resolve()\n}\nvoid f()',
}

/** Named, because oxlint would follow the link to the packages. */
const LINTED = ['src', 'operator', 'vitest.config.ts', '--no-error-on-unmatched-pattern']

interface Found {
  code: string
  filename: string
}

async function lint(files: Record<string, string>): Promise<Found[]> {
  const folder = tempTree({
    'package.json': '{ "type": "module" }',
    'tsconfig.json': JSON.stringify({ extends: join(root, 'tsconfig.json'), include: ['**/*.ts'] }),
    // A copy, because its overrides are read from where it lies.
    '.oxlintrc.json': readFileSync(join(root, '.oxlintrc.json'), 'utf8'),
    'src/b/index.ts': 'export const x = 1',
    ...files,
  })
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'))
  const oxlint = join(root, 'node_modules/.bin/oxlint')
  const result = await runNode([oxlint, '--format', 'json', ...LINTED], {
    cwd: folder,
    timeoutMs: 15_000,
  })
  return (JSON.parse(result.output) as { diagnostics: Found[] }).diagnostics
}

it('finds nothing where the bans do not reach', async () => {
  expect(await lint(CLEAN)).toEqual([])
})

it('finds each ban and budget that is broken', async () => {
  const found = await lint(Object.fromEntries(Object.values(BREACHES)))
  const missed = Object.entries(BREACHES).filter(
    ([rule, [path]]) => !found.some(({ code, filename }) => code === rule && filename === path),
  )
  expect(missed).toEqual([])
  const inFile = (path: string): number => found.filter(({ filename }) => filename === path).length
  expect({ properties: inFile('src/o.ts'), imports: inFile('src/p.ts') }).toEqual({
    properties: 2,
    imports: 3,
  })
})

it('finds an excuse that excuses nothing', async () => {
  const found = await lint({ 'src/a.ts': '// oxlint-disable-next-line no-console\nexport const a = 1' })
  expect(found).toEqual([
    expect.objectContaining({ message: expect.stringContaining('Unused oxlint-disable') }),
  ])
})
