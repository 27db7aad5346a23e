import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'

import { expect, it } from 'vitest'

import { tempFolder } from './testing/temp-folder.ts'
import { writeWrapper } from './wrappers.ts'

it('keeps every word and value as it is, whatever the shell might make of it', async () => {
  const wrapper = join(await tempFolder(), 'tool')
  const words = ["it's", '$HOME', 'two words', '`id`', '']
  await writeWrapper(wrapper, ['/usr/bin/env', 'printf', '%s|', ...words], { A: "b'c $d" })
  const { stdout } = await promisify(execFile)(wrapper, ['more', "o'more"])
  expect(stdout).toBe([...words, 'more', "o'more", ''].join('|'))
  await writeWrapper(wrapper, ['/usr/bin/env'], { A: "b'c $d" })
  expect((await promisify(execFile)(wrapper)).stdout).toContain("A=b'c $d\n")
})
