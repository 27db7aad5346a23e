import type { Server } from 'node:http'
import { join, resolve } from 'node:path'
import { clusterApi, type ClusterApi } from './cluster-api.ts'
import type { Component, StackEnv } from './component.ts'
import { serveControl } from './control.ts'
import {
  claimFolder,
  freeBytesAt,
  keptSlot,
  prepareFolder,
  readOwner,
  refuseOwned,
  releaseFolder,
  StackError,
  writeEnv,
} from './folder.ts'
import { issueIdentities } from './identities.ts'
import { openLedger } from './ledger.ts'
import { inspectMachine } from './machine.ts'
import { selectComponents } from './parts.ts'
import type { ProgramStore } from './programs/store.ts'
import type { Existing } from './existing.ts'
import { paths, siteOf, type PortName, type Site } from './site.ts'
import { takeSlot } from './slot.ts'
import { stackEnv } from './stack-env.ts'
import { Supervisor, type ComponentState } from './supervisor.ts'
import { tidy } from './tidy.ts'

export interface StackOptions {
  /** Everything that the stack keeps, data included; made if it is not there. */
  readonly folder: string
  readonly programs: ProgramStore
  /** Names of components; all that they need comes along. Default: everything. */
  readonly parts?: readonly string[]
  /** Parts outside that are used instead of our own. */
  readonly existing?: Existing
  /** What runs on the stack: Shipyard's own processes. */
  readonly apps?: readonly Component[]
  /** Ports that somebody asked for by number. */
  readonly ports?: Partial<Record<PortName, number>>
  /** Whatever handles secrets writes all that it can into its log: for tests that search the logs. */
  readonly isVerbose?: boolean
  readonly onChange?: (state: ComponentState) => void
  /** Free bytes of the disk that a folder is on. */
  readonly freeBytes?: (folder: string) => number
}

export interface Stack {
  readonly site: Site
  /** What a server, an operator or a test needs to find the parts. */
  readonly env: StackEnv
  /** The administrator's way into the API server. */
  readonly cluster: ClusterApi
  /** Resolves when the named components (default: all of this stack) are ready; rejects when one can't be. */
  untilReady(names?: readonly string[]): Promise<void>
  readonly states: () => ComponentState[]
  /** Ends everything and leaves the machine as it was; data stay in the folder. */
  stop(): Promise<void>
}

/**
 * Brings a stack up in a folder. Resolves as soon as all its parts have been told to start; `untilReady`
 * waits for them. What a dead stack left behind in this folder is tidied first.
 * @throws {StackError} the folder is in use or broken, the disk is full, a wanted port is taken.
 */
export async function startStack(options: StackOptions): Promise<Stack> {
  const folder = resolve(options.folder)
  const { existing = {}, freeBytes = freeBytesAt, parts, apps = [], isVerbose = false } = options
  const machine = await inspectMachine()
  const { canRunNode } = machine
  const components = selectComponents({ canRunNode, existing, apps, ...(parts ? { wanted: parts } : {}) })
  prepareFolder(folder, freeBytes(folder))
  refuseOwned(folder, readOwner(folder))
  await tidy(folder, machine)
  const { slot, ports, control } = await takeSlot({
    folder,
    kept: keptSlot(folder),
    fixed: options.ports ?? {},
  })
  let states = (): ComponentState[] => []
  serveControl(control, () => ({ components: states() }))
  claimFolder(folder, slot)
  const ledger = openLedger(join(folder, 'ledger'))
  const site = siteOf({ folder, slot, machine, ledger, ports, existing, isVerbose })
  const release = async (): Promise<void> => {
    site.ledger.clear()
    releaseFolder(folder)
    await close(control)
  }
  await issueIdentities(site).catch(async (error: Error) => {
    await release()
    throw new StackError(`The folder ${folder} is damaged (${error.message}): remove it, or its part pki/.`)
  })
  const stack = supervise(site, { ...options, components, release })
  states = stack.states
  return stack
}

interface Supervised extends Pick<StackOptions, 'programs' | 'onChange'> {
  readonly components: readonly Component[]
  readonly release: () => Promise<void>
}

function supervise(site: Site, { components, programs, onChange, release }: Supervised): Stack {
  const cluster = clusterApi(paths.kubeconfig(site, 'admin'))
  const env = stackEnv(
    site,
    components.map((component) => component.name),
  )
  writeEnv(site.folder, env)
  const notify = onChange ? { onChange } : {}
  const supervisor = new Supervisor({ site, components, programs, cluster, env, ...notify })
  supervisor.start()
  const stop = async (): Promise<void> => {
    await supervisor.stop()
    await cluster.close()
    await release()
  }
  let stopping: Promise<void> | undefined
  return {
    site,
    env,
    cluster,
    untilReady: async (names) => supervisor.untilReady(names),
    states: () => supervisor.states(),
    stop: async () => (stopping ??= stop()),
  }
}

async function close(server: Server): Promise<void> {
  const closed = new Promise<void>((done) => server.close(() => done()))
  server.closeAllConnections()
  await closed
}
