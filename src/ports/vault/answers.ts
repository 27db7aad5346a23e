/** What Vault answers, in the shapes of the port. */
import type { SecretMetadata, SecretVersionInfo } from './port.ts'
import type { TokenLife } from './renewal.ts'

/** What node-vault rejects with when Vault answered something else than success. */
interface AnsweredError {
  readonly response: { readonly statusCode: number; readonly body?: { readonly errors?: readonly string[] } }
}

const isAnswered = (error: unknown): error is AnsweredError =>
  typeof error === 'object' && error !== null && 'response' in error

export const isAnsweredBy = (error: unknown, status: number): boolean =>
  isAnswered(error) && error.response.statusCode === status

/** Check-and-set found another version than the one that was named. */
export const isStaleWrite = (error: unknown): boolean =>
  isAnsweredBy(error, 400) && reasonOf(error).includes('check-and-set')

/** For the log: Vault's own words, never anything that was sent. */
export function reasonOf(error: unknown): string {
  if (isAnswered(error)) {
    const { statusCode, body } = error.response
    return body?.errors?.length ? `${statusCode}, ${body.errors.join('; ')}` : `status ${statusCode}`
  }
  return error instanceof Error ? error.message : 'unknown reason'
}

interface RawMetadata {
  readonly data: {
    readonly current_version: number
    readonly versions: Readonly<
      Record<string, { readonly created_time: string; readonly destroyed: boolean }>
    >
  }
}

export function metadataOf(answer: unknown): SecretMetadata {
  const { data } = answer as RawMetadata
  const versions = Object.entries(data.versions).map(
    ([number, { created_time, destroyed }]): SecretVersionInfo => ({
      version: Number(number),
      createdAt: new Date(created_time),
      isDestroyed: destroyed,
    }),
  )
  return {
    currentVersion: data.current_version,
    versions: versions.toSorted((a, b) => a.version - b.version),
  }
}

export const writtenVersion = (answer: unknown): number =>
  (answer as { data: { version: number } }).data.version

export const childrenOf = (answer: unknown): string[] => (answer as { data: { keys: string[] } }).data.keys

/** Of `lookup-self` (which has the life in `data`) and of `renew-self` (which has it in `auth`). */
export function lifeOf(answer: unknown): TokenLife {
  const { data, auth } = answer as {
    data?: { ttl: number; renewable?: boolean } | null
    auth?: { lease_duration: number; renewable: boolean } | null
  }
  return {
    ttlSeconds: auth?.lease_duration ?? data?.ttl ?? 0,
    isRenewable: auth?.renewable ?? data?.renewable ?? false,
  }
}

/** A sentence for what `sys/health` says, or nothing when Vault takes writes. */
export function sickness(answer: unknown): string | undefined {
  const { initialized, sealed } = (answer ?? {}) as { initialized?: boolean; sealed?: boolean }
  if (initialized === undefined) return 'What answers at its address is no Vault.'
  if (!initialized) return 'Vault has not been initialised.'
  return sealed ? 'Vault is sealed.' : undefined
}
