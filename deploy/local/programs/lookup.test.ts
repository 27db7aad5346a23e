import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import { expect, it } from 'vitest'

import { versionFits, versionOf } from './lookup.ts'
import { aProgram } from './testing/store-in.ts'
import { tempFolder } from './testing/temp-folder.ts'

it.for([
  { found: '1.34.4', wanted: '1.34.4', fits: true },
  { found: '1.34.1', wanted: '1.34.4', fits: true },
  { found: '1.34.1', wanted: '1.34.4', patchAtLeast: true, fits: false },
  { found: '1.34.12', wanted: '1.34.4', patchAtLeast: true, fits: true },
  { found: '1.33.4', wanted: '1.34.4', fits: false },
  { found: '2.34.4', wanted: '1.34.4', fits: false },
  { found: 'nonsense', wanted: '1.34.4', fits: false },
])('finds that $found fits $wanted: $fits', ({ found, wanted, fits, patchAtLeast = false }) => {
  expect(versionFits(found, wanted, { patchAtLeast })).toBe(fits)
})

it('names a program made of our own sources by their contents, tests excepted', async () => {
  const localDir = await tempFolder()
  const program = aProgram('hello', { version: { hashOf: 'hello' } })
  await mkdir(join(localDir, 'hello'))
  await writeFile(join(localDir, 'hello', 'main.go'), 'package main')
  const first = await versionOf(program, localDir)
  await writeFile(join(localDir, 'hello', 'main_test.go'), 'package main')
  expect(await versionOf(program, localDir)).toBe(first)
  await writeFile(join(localDir, 'hello', 'main.go'), 'package  main')
  expect(await versionOf(program, localDir)).not.toBe(first)
})
