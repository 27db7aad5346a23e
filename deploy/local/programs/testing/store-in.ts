import { createHash } from 'node:crypto'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import type { ProgramEvent } from '../events.ts'
import type { Catalogue, GoBuildSource, Program, ReleaseSource } from '../program.ts'
import { createStore, type ProgramStore, type ProgramStoreOptions } from '../store.ts'
import { commandFolder } from './fake-commands.ts'
import { tempFolder } from './temp-folder.ts'

export interface TestStore<Name extends string> {
  readonly store: ProgramStore<Name>
  readonly events: ProgramEvent<Name>[]
  readonly cacheDir: string
  readonly log: string
}

interface Setting<Name extends string> extends ProgramStoreOptions<Name> {
  /** Scripts on `PATH`; it holds nothing else than these and the machine's `/bin`. */
  readonly commands?: (log: string) => Readonly<Record<string, string>>
}

/** A store with a cache and a `PATH` of its own. */
export async function storeOf<Name extends string>(
  programs: Catalogue<Name>,
  { commands = () => ({}), ...options }: Setting<Name> = {},
): Promise<TestStore<Name>> {
  const folder = await tempFolder()
  const log = join(folder, 'log')
  await writeFile(log, '')
  const path = await commandFolder(folder, commands(log))
  const events: ProgramEvent<Name>[] = []
  const cacheDir = options.cacheDir ?? join(folder, 'cache')
  const localDir = join(folder, 'local')
  await mkdir(join(localDir, 'module'), { recursive: true })
  const env = { PATH: `${path}:/bin:/usr/bin`, HOME: folder }
  const onEvent = (event: ProgramEvent<Name>): void => void events.push(event)
  const store = createStore(programs, {
    path,
    env,
    localDir,
    onEvent,
    connectTimeoutMs: 300,
    ...options,
    cacheDir,
  })
  return { store, events, cacheDir, log }
}

export function aProgram(file: string, parts: Partial<Program> = {}): Program {
  return { version: '1.2.3', file, sources: [], ...parts }
}

export function buildOf(file: string): GoBuildSource {
  return { kind: 'go-build', module: 'module', packages: { [file]: file } }
}

export function releaseAt(url: string, parts: Partial<ReleaseSource> = {}): ReleaseSource {
  return { kind: 'release', url, checksumUrl: `${url}.sha256`, members: null, ...parts }
}

export function sha256(contents: string | Buffer): string {
  return createHash('sha256').update(contents).digest('hex')
}
