import { readFileSync, readdirSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'

import { runNode } from '../child.ts'
import { tempTree } from '../testing/temp-tree.ts'
import { takeLock } from './lock.mjs'

const DEAD = '4194305'

it('lets one process in at a time, though many notice at once that the holder is dead', async () => {
  const folder = tempTree({
    'contend.mjs': `
import { appendFileSync } from 'node:fs'
import { takeLock } from '${join(import.meta.dirname, 'lock.mjs')}'
const release = await takeLock({ folder: 'locks', name: 'x', timeoutMs: 10_000 })
appendFileSync('log', 'in ' + process.pid + '\\n')
await new Promise((resolve) => setTimeout(resolve, 30))
appendFileSync('log', 'out ' + process.pid + '\\n')
release()`,
    'locks/.keep': '',
  })
  symlinkSync(DEAD, join(folder, 'locks/x.1'))
  const contender = (): Promise<{ code: number | null }> =>
    runNode(['contend.mjs'], { cwd: folder, timeoutMs: 15_000 })
  const ends = await Promise.all(Array.from({ length: 8 }, contender))
  expect(ends.map((end) => end.code)).toEqual(Array(8).fill(0))
  const log = readFileSync(join(folder, 'log'), 'utf8').trim().split('\n')
  expect(log).toHaveLength(16)
  for (let line = 0; line < log.length; line += 2) {
    expect(log[line + 1]).toBe(log[line]?.replace('in', 'out'))
  }
  expect(readdirSync(join(folder, 'locks'))).toEqual(['.keep'])
})

it('gives up in the end on a holder that lives on, and says which file to delete', async () => {
  const folder = tempTree({})
  const release = await takeLock({ folder, name: 'x', timeoutMs: 1000 })
  const waited: number[] = []
  const second = takeLock({ folder, name: 'x', timeoutMs: 300, onWait: (pid) => waited.push(pid) })
  await expect(second).rejects.toThrow(`Process ${process.pid} has held ${folder}/x.*`)
  expect(waited).toEqual([process.pid])
  release()
})

it('gives way to who took anew what was given back while it looked', async () => {
  // It has seen that the holder of 1 is dead; since then 1 was given back, and this process has taken it.
  const folder = tempTree({})
  symlinkSync(String(process.pid), join(folder, 'x.1'))
  symlinkSync(DEAD, join(folder, 'x.2'))
  const taken = takeLock({ folder, name: 'x', timeoutMs: 300 })
  await expect(taken).rejects.toThrow(`Process ${process.pid} has held`)
  expect(readdirSync(folder)).toEqual(['x.1', 'x.2'])
})
