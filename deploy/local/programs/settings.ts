import { homedir } from 'node:os'
import { join } from 'node:path'

import { programNames, type ProgramName } from './catalogue.ts'

/** What the environment says about where programs come from and go to. */
export interface ProgramSettings {
  /** `SHIPYARD_PROGRAM_KUBE_APISERVER=/path` and its like. */
  readonly overrides: Readonly<Partial<Record<ProgramName, string>>>
  /** `$XDG_CACHE_HOME/shipyard`, or `~/.cache/shipyard`. */
  readonly cacheDir: string
  /** `PATH`, and after it the places where Go's own installer puts it. */
  readonly path: string
  /** For the programs that fetch and build (proxies, certificates, `HOME`, `GOPROXY`…). */
  readonly env: NodeJS.ProcessEnv
}

const goPlaces = ['/usr/local/go/bin', '/usr/lib/go/bin']

/** The one place of this folder that reads the environment. */
export function programSettings(env: NodeJS.ProcessEnv = process.env): ProgramSettings {
  const overrides: Partial<Record<ProgramName, string>> = {}
  for (const name of programNames) {
    const value = env[settingOf(name)]
    if (value) overrides[name] = value
  }
  const cacheHome = env['XDG_CACHE_HOME'] || join(env['HOME'] || homedir(), '.cache')
  return {
    overrides,
    cacheDir: join(cacheHome, 'shipyard'),
    path: [env['PATH'] ?? '', ...goPlaces].join(':'),
    env,
  }
}

/** The variable that names a program: `SHIPYARD_PROGRAM_KUBE_APISERVER`. */
export function settingOf(name: string): string {
  return `SHIPYARD_PROGRAM_${name.toUpperCase().replaceAll('-', '_')}`
}
