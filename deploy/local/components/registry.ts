import { mkdirSync, writeFileSync } from 'node:fs'
import { hashSync } from 'bcryptjs'
import { stringify } from 'yaml'
import type { Command, Component, StartContext } from '../component.ts'
import { assertAnswers } from '../probe.ts'
import { readSecret } from '../secrets.ts'
import { paths, type Site } from '../site.ts'

/**
 * Two image registries with names that are the same on every stack: one open, one behind a password. The
 * names resolve nowhere; containerd and the server are told where they answer.
 */
export const registry = registryComponent('registry', 'Image registry')
export const registryPrivate = registryComponent('registry-private', 'Image registry with a password')

export interface RegistryHome {
  readonly name: 'registry' | 'registry-private'
  /** The host part of image names. */
  readonly host: string
  readonly port: number
  /** Where it answers: on the stack's link where there is a node. */
  readonly url: string
  readonly credentials: { readonly username: string; readonly password: string } | undefined
}

export function registries(site: Site): RegistryHome[] {
  return (['registry', 'registry-private'] as const).map((name) => {
    const port = site.ports[name]
    const credentials =
      name === 'registry'
        ? undefined
        : { username: 'shipyard', password: readSecret(site, 'registry-private') }
    return {
      name,
      host: `${name}.localhost`,
      port,
      url: `http://${listenAddress(site)}:${port}`,
      credentials,
    }
  })
}

function home(site: Site, name: RegistryHome['name']): RegistryHome {
  const found = registries(site).find((each) => each.name === name)
  if (!found) throw new Error(`there is no registry ${name}`)
  return found
}

function listenAddress(site: Site): string {
  return site.machine.canRunNode ? site.net.host : '127.0.0.1'
}

function registryComponent(name: RegistryHome['name'], about: string): Component {
  return {
    name,
    about,
    needs: ['network'],
    programs: ['registry'],
    async start({ site, program }: StartContext): Promise<Command> {
      const at = home(site, name)
      mkdirSync(paths.data(site, name), { recursive: true })
      const config = paths.config(site, `${name}.yaml`)
      writeFileSync(config, stringify(configOf(site, at)), { mode: 0o600 })
      return { path: program('registry'), args: ['serve', config], env: { OTEL_TRACES_EXPORTER: 'none' } }
    },
    ready: async ({ site }) => assertAnswers(`${home(site, name).url}/v2/`, [200, 401]),
  }
}

function configOf(site: Site, at: RegistryHome): object {
  return {
    version: 0.1,
    log: { level: 'warn', accesslog: { disabled: true } },
    storage: {
      filesystem: { rootdirectory: paths.data(site, at.name) },
      delete: { enabled: true },
      maintenance: { uploadpurging: { enabled: true, age: '24h', interval: '24h', dryrun: false } },
    },
    http: { addr: `${listenAddress(site)}:${at.port}`, secret: readSecret(site, `${at.name}-http`) },
    ...(at.credentials ? { auth: { htpasswd: { realm: 'shipyard', path: passwordFile(site, at) } } } : {}),
  }
}

function passwordFile(site: Site, at: RegistryHome): string {
  const path = paths.secret(site, `${at.name}-htpasswd`)
  const { username, password } = at.credentials ?? { username: '', password: '' }
  writeFileSync(path, `${username}:${hashSync(password, 8)}\n`, { mode: 0o600 })
  return path
}
