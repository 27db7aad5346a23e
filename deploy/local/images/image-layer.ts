/** Turns an image's file list into the tar entries of one layer: checked, complete with parents, sorted. */
import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { posix } from 'node:path'
import type { ImageFile } from './image-spec.ts'
import type { TarBody, TarEntry } from './tar.ts'

const DEFAULT_MODE = { file: 0o644, directory: 0o755, symlink: 0o777 } as const

async function bodyOf(file: ImageFile): Promise<TarBody> {
  if (file.directory) return { kind: 'directory' }
  if (file.symlink !== undefined) return { kind: 'symlink', target: file.symlink }
  if (file.content !== undefined) {
    const bytes = typeof file.content === 'string' ? new TextEncoder().encode(file.content) : file.content
    return {
      kind: 'file',
      size: bytes.byteLength,
      read: async function* () {
        yield bytes
      },
    }
  }
  const { sourcePath } = file
  const info = await stat(sourcePath)
  if (!info.isFile()) throw new Error(`${sourcePath} is not a file, so it cannot go into an image.`)
  return { kind: 'file', size: info.size, read: () => createReadStream(sourcePath) }
}

async function entryOf(file: ImageFile): Promise<TarEntry> {
  const body = await bodyOf(file)
  const mode = body.kind === 'symlink' ? DEFAULT_MODE.symlink : (file.mode ?? DEFAULT_MODE[body.kind])
  return { name: file.path.slice(1), mode, uid: file.uid ?? 0, gid: file.gid ?? 0, body }
}

function assertPath(path: string): void {
  if (!path.startsWith('/') || path === '/' || path.endsWith('/') || posix.normalize(path) !== path)
    throw new Error(`"${path}" is not an absolute, normalised path, so it cannot go into an image.`)
}

function parentsOf(name: string): string[] {
  const parts = name.split('/').slice(0, -1)
  return parts.map((_, index) => parts.slice(0, index + 1).join('/'))
}

/** Adds the folders that nobody listed; refuses a parent that is a file or a link. */
function withParents(entries: Map<string, TarEntry>): TarEntry[] {
  const all = new Map(entries)
  for (const name of entries.keys()) {
    for (const parent of parentsOf(name)) {
      const known = all.get(parent)
      if (known && known.body.kind !== 'directory')
        throw new Error(`/${name} cannot be below /${parent}, which is not a folder.`)
      if (!known) all.set(parent, { name: parent, mode: 0o755, uid: 0, gid: 0, body: { kind: 'directory' } })
    }
  }
  return [...all.values()].toSorted((a, b) => (a.name < b.name ? -1 : 1))
}

/**
 * The tar entries of one layer, parents before children.
 *
 * @throws Error if a path is bad or listed twice, or a source file cannot be read.
 */
export async function layerEntries(files: readonly ImageFile[]): Promise<TarEntry[]> {
  const entries = new Map<string, TarEntry>()
  for (const file of files) {
    assertPath(file.path)
    const entry = await entryOf(file)
    if (entries.has(entry.name)) throw new Error(`${file.path} is listed twice in one image layer.`)
    entries.set(entry.name, entry)
  }
  return withParents(entries)
}
