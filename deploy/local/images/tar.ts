/**
 * A deterministic tar writer: the same entries give the same bytes on every machine, because the order, the
 * owner and the times come from the caller or are constant. It writes what an image layer needs (files,
 * folders, symbolic links) in the POSIX ustar form, with a pax header where a name or size does not fit.
 */

const BLOCK = 512
const NAME_BYTES = 100
const OCTAL_SIZE_LIMIT = 8 ** 11

export type TarBody =
  | { kind: 'file'; size: number; read: () => AsyncIterable<Uint8Array> }
  | { kind: 'directory' }
  | { kind: 'symlink'; target: string }

export interface TarEntry {
  /** Relative to the archive's root, without a leading or trailing slash. */
  name: string
  mode: number
  uid: number
  gid: number
  body: TarBody
}

const TYPE_FLAG = { file: '0', directory: '5', symlink: '2', pax: 'x' } as const

/** Bytes as octal digits and a closing NUL, as every tar reader understands them. */
function octal(value: number, width: number): string {
  return `${value.toString(8).padStart(width - 1, '0')}\0`
}

interface Header {
  name: string
  mode: number
  uid: number
  gid: number
  size: number
  type: string
  link: string
}

function headerBlock(header: Header): Uint8Array {
  const block = Buffer.alloc(BLOCK)
  block.write(header.name, 0, NAME_BYTES, 'utf8')
  block.write(octal(header.mode, 8), 100, 'latin1')
  block.write(octal(header.uid, 8), 108, 'latin1')
  block.write(octal(header.gid, 8), 116, 'latin1')
  block.write(octal(header.size, 12), 124, 'latin1')
  block.write(octal(0, 12), 136, 'latin1') // modification time: always the epoch
  block.write(' '.repeat(8), 148, 'latin1') // the checksum counts its own field as blanks
  block.write(header.type, 156, 'latin1')
  block.write(header.link, 157, NAME_BYTES, 'utf8')
  block.write('ustar\x0000', 257, 'latin1')
  const sum = block.reduce((total, byte) => total + byte, 0)
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1')
  return block
}

function padding(size: number): Uint8Array {
  return new Uint8Array((BLOCK - (size % BLOCK)) % BLOCK)
}

/** `"<length> key=value\n"`, where the length counts its own digits too. */
function paxRecord(key: string, value: string): string {
  const rest = ` ${key}=${value}\n`
  const bytes = Buffer.byteLength(rest)
  let length = bytes + String(bytes).length
  if (bytes + String(length).length !== length) length = bytes + String(length).length
  return `${length}${rest}`
}

function fits(text: string): boolean {
  return Buffer.byteLength(text) <= NAME_BYTES && /^[\x20-\x7e]*$/.test(text)
}

function paxBlocks(name: string, link: string, size: number): Uint8Array[] {
  const records = [
    fits(name) ? '' : paxRecord('path', name),
    fits(link) ? '' : paxRecord('linkpath', link),
    size < OCTAL_SIZE_LIMIT ? '' : paxRecord('size', String(size)),
  ].join('')
  if (records === '') return []
  const body = Buffer.from(records)
  const header = { name: 'pax_header', mode: 0o644, uid: 0, gid: 0, size: body.length, link: '' }
  return [headerBlock({ ...header, type: TYPE_FLAG.pax }), body, padding(body.length)]
}

function headerBlocks(entry: TarEntry): Uint8Array[] {
  const { body } = entry
  const name = body.kind === 'directory' ? `${entry.name}/` : entry.name
  const link = body.kind === 'symlink' ? body.target : ''
  const size = body.kind === 'file' ? body.size : 0
  const header = headerBlock({
    name: fits(name) ? name : 'see-pax-header',
    mode: entry.mode,
    uid: entry.uid,
    gid: entry.gid,
    size: size < OCTAL_SIZE_LIMIT ? size : 0,
    type: TYPE_FLAG[body.kind],
    link: fits(link) ? link : '',
  })
  return [...paxBlocks(name, link, size), header]
}

/**
 * The archive's bytes, chunk by chunk; a file's content is read while it is written and never held whole.
 *
 * @throws Error if a file's length differs from the size it was announced with.
 */
export async function* writeTar(entries: readonly TarEntry[]): AsyncGenerator<Uint8Array> {
  for (const entry of entries) {
    yield* headerBlocks(entry)
    if (entry.body.kind === 'file') yield* fileBlocks(entry.name, entry.body)
  }
  yield new Uint8Array(2 * BLOCK) // two empty blocks end an archive
}

async function* fileBlocks(
  name: string,
  body: Extract<TarBody, { kind: 'file' }>,
): AsyncGenerator<Uint8Array> {
  let written = 0
  for await (const chunk of body.read()) {
    written += chunk.byteLength
    yield chunk
  }
  if (written !== body.size)
    throw new Error(`${name} changed while the image was made: ${body.size} bytes became ${written}`)
  if (body.size % BLOCK !== 0) yield padding(body.size)
}
