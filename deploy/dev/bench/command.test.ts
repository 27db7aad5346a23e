import { expect, it } from 'vitest'

import { tempTree } from '../testing/temp-tree.ts'
import { runCommand } from './command.ts'

const benchmark = (name: string, metrics: string): string => `
export const benchmark = {
  name: '${name}',
  about: 'how ${name} does',
  run: async ({ full, say }) => {
    say('measuring')
    return [${metrics}].map((metric) => ({ unit: 's', goal: '≤ 1', ok: true, note: full ? 'full' : 'smoke', ...metric }))
  },
}`

async function run(...args: string[]): Promise<{ kept: boolean; out: string; said: string[] }> {
  const folder = tempTree({
    'good.bench.ts': benchmark('good', "{ key: 'a', value: 1 }"),
    'slow.bench.ts': benchmark('slow', "{ key: 'a', value: 1 }, { key: 'b', value: 2, ok: false }"),
  })
  let out = ''
  const said: string[] = []
  const kept = await runCommand(args, {
    folder,
    signal: new AbortController().signal,
    print: (text) => (out += text),
    say: (line) => said.push(line),
  })
  return { kept, out, said }
}

it('lists them all, also when nothing is asked for', async () => {
  const list = { kept: true, out: 'good  how good does\nslow  how slow does\n', said: [] }
  expect(await run('list')).toEqual(list)
  expect(await run()).toEqual(list)
})

it('prints a table, and says whether the goals are kept', async () => {
  const good = await run('good')
  expect(good).toMatchObject({ kept: true, said: ['measuring'] })
  expect(good.out).toMatch(/^metric +value +unit +goal +kept +note\n.+\na +1 +s +≤ 1 +yes +smoke\n/)
  expect((await run('slow')).kept).toBe(false)
  expect((await run('good', '--full')).out).toContain('full')
})

it('ends with one object when asked for JSON', async () => {
  const { out, kept } = await run('slow', '--json')
  expect(kept).toBe(false)
  const { machine, ...rest } = JSON.parse(out.trimEnd().split('\n').at(-1) ?? '') as { machine: object }
  expect(Object.keys(machine)).toEqual(['cpu', 'cores', 'memoryGiB', 'system', 'node', 'load'])
  expect(rest).toEqual({
    name: 'slow',
    metrics: [
      { key: 'a', value: 1, unit: 's', goal: '≤ 1', ok: true, note: 'smoke' },
      { key: 'b', value: 2, unit: 's', goal: '≤ 1', ok: false, note: 'smoke' },
    ],
  })
})

it('refuses an option that does not exist', async () => {
  await expect(run('good', '--jsno')).rejects.toThrow("Unknown option '--jsno'")
})
