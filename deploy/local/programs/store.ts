import { dirname, join } from 'node:path'

import { BuildQueue, type Ticket } from './build-queue.ts'
import { sweep } from './cache.ts'
import { catalogue, type ProgramName } from './catalogue.ts'
import { Downloads } from './downloads.ts'
import { GoTool } from './go-tool.ts'
import { obtain, type Obtaining } from './obtain.ts'
import type { ProgramEvent } from './events.ts'
import type { Catalogue } from './program.ts'
import { programSettings } from './settings.ts'
import { Reach } from './reach.ts'
import { SharedTask } from './shared-task.ts'

export type { ProgramName } from './catalogue.ts'
export type { ProgramEvent } from './events.ts'

export interface ProgramStore<Name extends string = ProgramName> {
  /**
   * Absolute path of the executable, or of the folder for folder-like entries. Repeated calls share one promise; a
   * failure is forgotten, so that a later call tries again. Rejects with ProgramError (one sentence for people), or with
   * the signal's reason; the work itself stops when every caller has given up.
   */
  get(name: Name, signal?: AbortSignal): Promise<string>
}

export interface ProgramStoreOptions<Name extends string = ProgramName> {
  /** Default: `$XDG_CACHE_HOME/shipyard` or `~/.cache/shipyard`. */
  readonly cacheDir?: string
  /** Programs that a setting names. Default: the variables `SHIPYARD_PROGRAM_<NAME>`. */
  readonly overrides?: Readonly<Partial<Record<Name, string>>>
  /** Where to look for programs, Go, apt-get and pip. Default: `PATH`. */
  readonly path?: string
  /** Of the programs that fetch and build. Default: our own. */
  readonly env?: NodeJS.ProcessEnv
  readonly onEvent?: (event: ProgramEvent<Name>) => void
  /** A host that does not answer in this time is passed over. Default 3,000. */
  readonly connectTimeoutMs?: number
  /** The folder to which the catalogue's paths are relative. Default: `deploy/local/`. */
  readonly localDir?: string
}

/** The programs of the local stack, each from where it is nearest: setting, `PATH`, cache, release, build. */
export function programStore(options: ProgramStoreOptions = {}): ProgramStore {
  return createStore(catalogue, { ...programSettings(), ...options })
}

/** A store of any catalogue. The order of the catalogue is the order of builds. */
export function createStore<Name extends string>(
  programs: Catalogue<Name>,
  options: StoreOptions<Name>,
): ProgramStore<Name> {
  return new Store(programs, options)
}

type StoreOptions<Name extends string> = ProgramStoreOptions<Name> & { readonly cacheDir: string }

class Store<Name extends string> implements ProgramStore<Name> {
  readonly #programs: Catalogue<Name>
  readonly #options: StoreOptions<Name>
  readonly #shared: Pick<Obtaining, 'env' | 'path' | 'cacheDir' | 'localDir' | 'reach' | 'downloads' | 'go'>
  readonly #queue = new BuildQueue()
  readonly #order: readonly string[]
  readonly #running = new Map<Name, SharedTask<string>>()
  #swept: Promise<void> | undefined

  constructor(programs: Catalogue<Name>, options: StoreOptions<Name>) {
    this.#programs = programs
    this.#options = options
    this.#order = Object.keys(programs)
    const { env = programSettings().env, connectTimeoutMs = 3000, cacheDir } = options
    const path = options.path ?? env['PATH'] ?? ''
    const localDir = options.localDir ?? join(import.meta.dirname, '..')
    const reach = new Reach(env, connectTimeoutMs)
    const go = new GoTool({ env, path, reach })
    const downloads = new Downloads(reach, connectTimeoutMs)
    this.#shared = { env, path, cacheDir, localDir, reach, go, downloads }
  }

  async get(name: Name, signal?: AbortSignal): Promise<string> {
    signal?.throwIfAborted()
    const known = this.#running.get(name)
    const task = known && !known.isStopped() ? known : this.#begin(name)
    return await task.wait(signal)
  }

  #begin(name: Name): SharedTask<string> {
    const ticket = this.#queue.ticket(this.#order.indexOf(name))
    const task = new SharedTask(async (signal) => {
      try {
        return await this.#find({ name, signal, ticket })
      } catch (error) {
        if (this.#running.get(name) === task) this.#running.delete(name)
        throw error
      } finally {
        ticket.close()
      }
    })
    this.#running.set(name, task)
    return task
  }

  async #find({
    name,
    signal,
    ticket,
  }: {
    name: Name
    signal: AbortSignal
    ticket: Ticket
  }): Promise<string> {
    const program = this.#programs[name]
    const override = this.#options.overrides?.[name]
    if (program.partOf && !override) return await this.#findPart(name, program.partOf as Name, signal)
    this.#swept ??= sweep(this.#shared.cacheDir)
    await this.#swept
    return await obtain({
      ...this.#shared,
      ...{ name, program, override, signal, ticket },
      need: (other) => this.get(other as Name, signal),
      report: (event) => this.#options.onEvent?.({ ...event, name }),
    })
  }

  /** What comes with another program stands in its folder. */
  async #findPart(name: Name, whole: Name, signal: AbortSignal): Promise<string> {
    const { file, version } = this.#programs[name]
    const found = await this.get(whole, signal)
    const folder = this.#programs[whole].file === null ? found : dirname(found)
    this.#options.onEvent?.({
      name,
      version: typeof version === 'string' ? version : '',
      phase: 'ready',
      source: null,
    })
    return join(folder, file ?? name)
  }
}
