/**
 * Who we are to the API server. `@kubernetes/client-node` reads entries of kubeconfigs and runs credential plugins; files
 * are read here, once and again when they change, never at once on the way of a request.
 */
import type { Cluster, User } from '@kubernetes/client-node'
import type { Clock } from './clock.ts'
import { WatchedFiles } from './credential-files.ts'
import { askPlugin, type Granted } from './credential-plugin.ts'
import { chooseContext } from './kubeconfig.ts'

/** Material for connections; the same object as long as nothing changed. */
export interface TlsMaterial {
  readonly ca?: Buffer
  readonly cert?: Buffer | string
  readonly key?: Buffer | string
  readonly servername?: string
  readonly rejectUnauthorized?: boolean
}

interface Credentials {
  readonly tls: TlsMaterial
  /** `authorization` and, where the kubeconfig says so, `impersonate-user`. */
  readonly headers: Readonly<Record<string, string>>
}

export interface CredentialSource {
  /** `https://host:port`, without a path. */
  readonly server: string
  readonly namespace: string | undefined
  /** @param now look at files and plugins again at once: the last ones were refused */
  current(now?: boolean): Promise<Credentials>
}

/** @throws {KubeConfigError} */
export function loadCredentials(kubeconfig: string | undefined, clock: Clock): CredentialSource {
  const { contents, cluster, user, namespace, server } = chooseContext(kubeconfig)
  const files = tlsFilesOf(cluster, user, clock)
  const tokenFile = tokenFileOf(user)
  const tokens = tokenFile === undefined ? undefined : new WatchedFiles([tokenFile], clock)
  const plugin = needsPlugin(user) ? askPlugin(contents, clock) : async (): Promise<Granted> => ({})
  const inline = inlineMaterial(cluster, user)
  const same = sameWhileEqual<TlsMaterial>()

  return {
    server,
    namespace,
    async current(now = false) {
      const [read, token, granted] = await Promise.all([files(now), tokens?.read(now), plugin(now)])
      const { authorization = authorizationOf(user, token?.[0]), ...grantedTls } = granted
      return {
        tls: same({ ...inline, ...read, ...grantedTls }),
        headers: {
          ...given('authorization', authorization),
          ...given('impersonate-user', user.impersonateUser),
        },
      }
    },
  }
}

function inlineMaterial(cluster: Cluster, user: User): TlsMaterial {
  return {
    ...given('ca', decoded(cluster.caData)),
    ...given('cert', decoded(user.certData)),
    ...given('key', decoded(user.keyData)),
    ...given('servername', cluster.tlsServerName),
    ...(cluster.skipTLSVerify ? { rejectUnauthorized: false } : {}),
  }
}

const decoded = (base64: unknown): Buffer | undefined =>
  typeof base64 === 'string' && base64 !== '' ? Buffer.from(base64, 'base64') : undefined

/** `{key: value}`, or nothing: client-node's reader writes null for what is absent. */
function given<K extends string, V>(key: K, value: V | null | undefined): { [_ in K]?: V } {
  return value === undefined || value === null ? {} : ({ [key]: value } as { [_ in K]: V })
}

/** What `KubeConfig.loadFromCluster` makes of the pod's own account. */
function tokenFileOf(user: User): string | undefined {
  const provider = user.authProvider as { config?: { tokenFile?: string } } | undefined
  return provider?.config?.tokenFile
}

const needsPlugin = (user: User): boolean =>
  Boolean(user.exec) || (Boolean(user.authProvider) && tokenFileOf(user) === undefined)

function authorizationOf(user: User, token: Buffer | undefined): string | undefined {
  if (token) return `Bearer ${token.toString('utf8').trim()}`
  if (typeof user.token === 'string') return `Bearer ${user.token.trim()}`
  if (typeof user.username !== 'string') return undefined
  return `Basic ${Buffer.from(`${user.username}:${user.password ?? ''}`).toString('base64')}`
}

type TlsFiles = Partial<Record<'ca' | 'cert' | 'key', Buffer>>

/** Reads those that are files together, so that a certificate never meets the key of another. */
function tlsFilesOf(cluster: Cluster, user: User, clock: Clock): (now: boolean) => Promise<TlsFiles> {
  const paths = Object.entries({ ca: cluster.caFile, cert: user.certFile, key: user.keyFile })
  const present = paths.filter((entry): entry is [string, string] => typeof entry[1] === 'string')
  if (present.length === 0) return async () => ({})
  const files = new WatchedFiles(
    present.map(([, path]) => path),
    clock,
  )
  return async (now) => {
    const contents = await files.read(now)
    return Object.fromEntries(present.map(([name], index) => [name, contents[index]]))
  }
}

/** Hands out the earlier object for an equal one, so that connections are kept as long as nothing changed. */
function sameWhileEqual<T extends object>(): (value: T) => T {
  let last: T | undefined
  const fieldsOf = (value: T): [string, unknown][] => Object.entries(value)
  return (value) => {
    const before = last && new Map(fieldsOf(last))
    const fields = fieldsOf(value)
    const isSame = before?.size === fields.length && fields.every(([name, part]) => before.get(name) === part)
    return isSame && last ? last : (last = value)
  }
}
