import { crc32, deflateRawSync } from 'node:zlib'

interface Member {
  readonly name: string
  readonly contents: string
  readonly method: 0 | 8
}

/** A zip of these files, as pip's wheels are. */
export function zipOf(members: readonly Member[]): Buffer {
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
