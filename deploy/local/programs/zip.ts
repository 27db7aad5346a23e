import { createReadStream, createWriteStream } from 'node:fs'
import { open, type FileHandle } from 'node:fs/promises'
import { pipeline } from 'node:stream/promises'
import { createInflateRaw } from 'node:zlib'

import { BadArchive } from './archive.ts'

const endSignature = 0x06054b50
const entrySignature = 0x02014b50
const endBytes = 22
const commentLimit = 65_535

interface ZipEntry {
  readonly name: string
  readonly method: number
  readonly compressedBytes: number
  readonly offset: number
}

/** Writes the one file of a zip whose path ends so. Only what wheels use: no encryption, no zip64. */
export async function extractZipMember(archive: string, ending: string, target: string): Promise<void> {
  const file = await open(archive, 'r')
  let entry: ZipEntry | undefined
  let start = 0
  try {
    entry = (await entriesOf(file)).find((candidate) => candidate.name.endsWith(ending))
    if (!entry) throw new BadArchive(`it holds nothing that ends with ${ending}`)
    // The local header repeats the name and has an extra field of its own length.
    const local = await read(file, entry.offset, 30)
    start = entry.offset + 30 + local.readUInt16LE(26) + local.readUInt16LE(28)
  } finally {
    await file.close()
  }
  const input = createReadStream(archive, { start, end: start + entry.compressedBytes - 1 })
  const output = createWriteStream(target, { mode: 0o755 })
  if (entry.method === 0) await pipeline(input, output)
  else if (entry.method === 8) await pipeline(input, createInflateRaw(), output)
  else throw new BadArchive(`${entry.name} is packed by the unknown method ${entry.method}`)
}

async function entriesOf(file: FileHandle): Promise<ZipEntry[]> {
  const { size } = await file.stat()
  const tailStart = Math.max(0, size - endBytes - commentLimit)
  const tail = await read(file, tailStart, size - tailStart)
  const end = lastIndexOf(tail, endSignature)
  if (end === -1) throw new BadArchive('it is not a zip archive')
  const directory = await read(file, tail.readUInt32LE(end + 16), tail.readUInt32LE(end + 12))
  const entries: ZipEntry[] = []
  for (let at = 0; at < directory.length;) {
    if (directory.readUInt32LE(at) !== entrySignature) throw new BadArchive('its list of files is damaged')
    const nameBytes = directory.readUInt16LE(at + 28)
    entries.push({
      name: directory.toString('utf8', at + 46, at + 46 + nameBytes),
      method: directory.readUInt16LE(at + 10),
      compressedBytes: directory.readUInt32LE(at + 20),
      offset: directory.readUInt32LE(at + 42),
    })
    at += 46 + nameBytes + directory.readUInt16LE(at + 30) + directory.readUInt16LE(at + 32)
  }
  return entries
}

function lastIndexOf(buffer: Buffer, signature: number): number {
  for (let at = buffer.length - endBytes; at >= 0; at -= 1) {
    if (buffer.readUInt32LE(at) === signature) return at
  }
  return -1
}

async function read(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const buffer = Buffer.alloc(length)
  const { bytesRead } = await file.read(buffer, 0, length, position)
  if (bytesRead !== length) throw new BadArchive('it ends too early')
  return buffer
}
