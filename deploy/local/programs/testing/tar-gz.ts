import { gzipSync } from 'node:zlib'

export interface TarMember {
  readonly path: string
  readonly contents?: string | Buffer
  /** `0` a file (default), `2` a symbolic link, `L` a long name, `x` a pax header. */
  readonly type?: string
}

/** A tar.gz with these members, paths as given. */
export function tarGz(members: readonly TarMember[]): Buffer {
  const blocks = members.flatMap((member) => blocksOf(member))
  return gzipSync(Buffer.concat([...blocks, Buffer.alloc(1024)]))
}

function blocksOf({ path, contents = '', type = '0' }: TarMember): Buffer[] {
  const data = Buffer.from(contents)
  const header = Buffer.alloc(512)
  header.write(path, 0)
  header.write('0000755\0', 100)
  header.write(`${data.length.toString(8).padStart(11, '0')}\0`, 124)
  header.write('        ', 148)
  header.write(type, 156)
  header.write('ustar', 257)
  header.write('00', 263)
  const sum = header.reduce((total, byte) => total + byte, 0)
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148)
  return [header, data, Buffer.alloc((512 - (data.length % 512)) % 512)]
}
