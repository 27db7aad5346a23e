import { availableParallelism } from 'node:os'

import { PassedOver } from './errors.ts'
import { findExecutable } from './lookup.ts'
import type { Reach } from './reach.ts'
import { run } from './run.ts'

const oldest = '1.26.6'
const askTimeoutMs = 15_000

/** What to install where Go is missing or too old. */
const installGo = `Go ${oldest} or newer`

/** A Go that is new enough, and the environment in which it builds. */
export interface Go {
  readonly command: string
  readonly env: NodeJS.ProcessEnv
  /** Whether modules can be downloaded; if not, only what the module cache holds can be built. */
  readonly online: boolean
  readonly cores: number
}

/** Looks once for the machine's Go. */
export class GoTool {
  readonly #env: NodeJS.ProcessEnv
  readonly #path: string
  readonly #reach: Reach
  #found: Promise<Go> | undefined

  constructor(options: { env: NodeJS.ProcessEnv; path: string; reach: Reach }) {
    this.#env = options.env
    this.#path = options.path
    this.#reach = options.reach
  }

  /** Throws PassedOver if there is none that will do. */
  async find(): Promise<Go> {
    this.#found ??= this.#look()
    return await this.#found
  }

  async #look(): Promise<Go> {
    const command = await findExecutable('go', this.#path)
    if (!command) throw new PassedOver('Go is not installed', { install: installGo })
    const env = goEnvironment(this.#env)
    const asked = await run(command, ['env', 'GOVERSION', 'GOPROXY'], { env, timeoutMs: askTimeoutMs })
    const [version = '', proxies = ''] = asked.stdout.split('\n')
    if (!isNewEnough(version))
      throw new PassedOver(`${command} is ${version || 'broken'}`, { install: installGo })
    const online = await this.#isReachable(proxies)
    return { command, env: online ? env : { ...env, GOPROXY: 'off' }, online, cores: availableParallelism() }
  }

  /** Go itself waits long for a proxy that does not answer, and tries again for every module. */
  async #isReachable(proxies: string): Promise<boolean> {
    const first = proxies.split(/[,|]/)[0] ?? ''
    return URL.canParse(first) ? await this.#reach.isReachable(new URL(first)) : first !== 'off'
  }
}

/**
 * Sums are checked: go.sum is checked in, `-mod=readonly` refuses to extend it, and nothing here switches the checksum
 * database off. The toolchain is the one that is installed, and no workspace or flag of the user's leaks in.
 */
export function goEnvironment(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const { GOSUMDB, GONOSUMDB, GONOSUMCHECK, GOINSECURE, ...rest } = env
  void [GONOSUMDB, GONOSUMCHECK, GOINSECURE]
  const sumdb = GOSUMDB && GOSUMDB !== 'off' ? { GOSUMDB } : {}
  return {
    ...rest,
    ...sumdb,
    GOFLAGS: '-buildvcs=false',
    GOTOOLCHAIN: 'local',
    GOWORK: 'off',
    CGO_ENABLED: '0',
  }
}

/** `go1.26.8` against the oldest that builds everything. */
export function isNewEnough(version: string): boolean {
  const [, major, minor, patch = '0'] = /^go(\d+)\.(\d+)(?:\.(\d+))?/.exec(version) ?? []
  const found = [major, minor, patch].map(Number)
  for (const [index, wanted] of oldest.split('.').map(Number).entries()) {
    const part = found[index] ?? Number.NaN
    if (part !== wanted) return part > wanted
  }
  return true
}
