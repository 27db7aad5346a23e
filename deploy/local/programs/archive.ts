import { createReadStream, createWriteStream, type ReadStream } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGunzip } from 'node:zlib'

const blockBytes = 512
const metadataLimit = 64 * 1024

/** The archive is not what it should be: cut off, not a tar, or with a path that leads out of its folder. */
export class BadArchive extends Error {
  override readonly name = 'BadArchive'
}

/**
 * Takes chosen files out of a tar.gz, by their path in it, and writes them under the names given. Nothing is
 * ever written to a path that the archive names; an archive with such a path is refused all the same.
 */
export async function extractTarGz(
  archive: string,
  members: Readonly<Record<string, string>>,
  folder: string,
): Promise<void> {
  const wanted = new Map(Object.entries(members).map(([file, path]) => [path, file]))
  const input: ReadStream = createReadStream(archive)
  const unzipped = createGunzip()
  const reading = pipeline(input, unzipped)
  // It is awaited below; it may fail long before, while a file is written.
  reading.catch(() => undefined)
  const bytes = new ByteReader(unzipped)
  try {
    for await (const entry of entriesOf(bytes)) {
      const file = wanted.get(entry.path)
      if (file === undefined) continue
      if (!entry.isFile) throw new BadArchive(`${entry.path} is not a plain file`)
      await pipeline(Readable.from(entry.contents), createWriteStream(join(folder, file), { mode: 0o755 }))
      wanted.delete(entry.path)
    }
    await reading
  } catch (error) {
    input.destroy()
    unzipped.destroy()
    await Promise.allSettled([reading]) // Fails because of the error that is thrown here.
    throw isZlibError(error) ? new BadArchive('its compressed data is damaged', { cause: error }) : error
  }
  if (wanted.size > 0) throw new BadArchive(`it does not hold ${[...wanted.keys()].join(', ')}`)
}

interface TarEntry {
  readonly path: string
  readonly isFile: boolean
  /** To be read before the next entry; what is left is skipped. */
  readonly contents: AsyncGenerator<Buffer>
}

async function* entriesOf(bytes: ByteReader): AsyncGenerator<TarEntry> {
  let longName: string | null = null
  for (;;) {
    const block = await bytes.exactly(blockBytes)
    if (block.every((byte) => byte === 0)) break
    const header = parseHeader(block)
    const contents = bytes.take(header.size)
    if (header.type === 'L' || header.type === 'x') {
      longName = nameIn(header.type, await smallText(contents, header.size)) ?? longName
    } else if (header.type !== 'g') {
      const path = safePath(longName ?? header.name)
      longName = null
      yield { path, isFile: header.type === '0' || header.type === '\0', contents }
    }
    for await (const rest of contents) void rest
    await bytes.exactly((blockBytes - (header.size % blockBytes)) % blockBytes)
  }
  await bytes.drain()
}

interface Header {
  readonly name: string
  readonly size: number
  /** `0` or NUL a file, `L` and `x` a long name for the next entry, `g` for all of them, and others. */
  readonly type: string
}

function parseHeader(block: Buffer): Header {
  if (!checksumFits(block)) throw new BadArchive('it is not a tar archive')
  return { name: shortName(block), size: octal(block, 124, 12), type: String.fromCharCode(block[156] ?? 0) }
}

/** Without a leading `./`; refused if it is absolute or climbs. */
function safePath(path: string): string {
  const parts = path.split('/').filter((part) => part !== '' && part !== '.')
  if (path.startsWith('/') || parts.includes('..'))
    throw new BadArchive(`it holds the unsafe path ${JSON.stringify(path)}`)
  return parts.join('/')
}

function shortName(header: Buffer): string {
  const isPosix = text(header, 257, 5) === 'ustar'
  const prefix = isPosix ? text(header, 345, 155) : ''
  return prefix ? `${prefix}/${text(header, 0, 100)}` : text(header, 0, 100)
}

/** GNU's long name is the name; a pax header is lines `length key=value`. */
function nameIn(type: string, value: string): string | null {
  if (type === 'L') return value.replace(/\0.*$/s, '')
  return /(?:^|\n)\d+ path=([^\n]*)\n/.exec(value)?.[1] ?? null
}

async function smallText(contents: AsyncGenerator<Buffer>, size: number): Promise<string> {
  if (size > metadataLimit) throw new BadArchive('a header in it is too long')
  const parts: Buffer[] = []
  for await (const part of contents) parts.push(part)
  return Buffer.concat(parts).toString('utf8')
}

function text(header: Buffer, start: number, length: number): string {
  const field = header.subarray(start, start + length)
  const end = field.indexOf(0)
  return field.toString('utf8', 0, end === -1 ? length : end)
}

function octal(header: Buffer, start: number, length: number): number {
  const value = Number.parseInt(text(header, start, length).trim() || '0', 8)
  if (!Number.isSafeInteger(value) || value < 0) throw new BadArchive('a size in it cannot be read')
  return value
}

/** Sum of the header's bytes, its own field counted as spaces. */
function checksumFits(header: Buffer): boolean {
  let sum = 0
  for (const [index, byte] of header.entries()) sum += index >= 148 && index < 156 ? 0x20 : byte
  return sum === octal(header, 148, 8)
}

function isZlibError(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  return code.startsWith('Z_')
}

class ByteReader {
  readonly #source: AsyncIterator<Buffer>
  #buffer: Buffer = Buffer.alloc(0)

  constructor(source: AsyncIterable<Buffer>) {
    this.#source = source[Symbol.asyncIterator]()
  }

  async exactly(count: number): Promise<Buffer> {
    const parts: Buffer[] = []
    for await (const part of this.take(count)) parts.push(part)
    return parts.length === 1 && parts[0] ? parts[0] : Buffer.concat(parts)
  }

  async *take(count: number): AsyncGenerator<Buffer> {
    let left = count
    while (left > 0) {
      if (this.#buffer.length === 0 && !(await this.#fill())) throw new BadArchive('it ends too early')
      const part = this.#buffer.subarray(0, left)
      this.#buffer = this.#buffer.subarray(part.length)
      left -= part.length
      yield part
    }
  }

  /** Reads to the end, so that the checksum of the compression is checked as well. */
  async drain(): Promise<void> {
    while (await this.#fill()) this.#buffer = Buffer.alloc(0)
  }

  async #fill(): Promise<boolean> {
    const next = await this.#source.next()
    if (next.done) return false
    this.#buffer = next.value
    return true
  }
}
