import type { UserId } from '../../contract/ids.ts'
import type { VaultPath } from '../../contract/names.ts'

/** The number of a version of a secret, from 1. */
type SecretVersion = number

/** Keys and values of one secret; they exist in Vault and in what was just sent by a person, nowhere else. */
export type SecretData = Readonly<Record<string, string>>

export interface SecretVersionInfo {
  readonly version: SecretVersion
  /** When it was written, by Vault's clock. */
  readonly createdAt: Date
  /** Its value is gone for good. */
  readonly isDestroyed: boolean
}

/** What is known of a secret without its values. */
export interface SecretMetadata {
  /** The newest version, destroyed or not; the next write makes the one after it. */
  readonly currentVersion: SecretVersion
  /** Ascending. */
  readonly versions: readonly SecretVersionInfo[]
}

export interface WriteOptions {
  /** The version that is the newest now, 0 when there is none: another writer in between refuses this write. */
  readonly checkAndSet: SecretVersion
}

/** A place in the layout that holds others. */
export type SecretFolder =
  | { readonly of: 'organisations' | 'users' }
  | { readonly of: 'templates' | 'deployments'; readonly userId: UserId }
  | { readonly of: 'services'; readonly below: VaultPath }

export interface VaultHealth {
  readonly isHealthy: boolean
  /** A sentence for the log and for `/readyz`; nothing when healthy. */
  readonly reason?: string
}

/**
 * Where secret values are kept: KV version 2, write-only for the server. There is no way to read a value
 * here, because the token of the server has none either.
 *
 * Every call ends within the adapter's time-out. Errors: `VAULT_UNAVAILABLE` (503) when Vault cannot be
 * reached, is sealed or refuses the token; `VAULT_CONFLICT` (409) when check-and-set found another version.
 */
export interface VaultPort {
  /** Stores a new version beside the older ones and answers its number. Nothing changes for who pins another. */
  writeSecret(path: VaultPath, data: SecretData, options: WriteOptions): Promise<SecretVersion>
  /**
   * Stores a new version that is the newest one with these keys set, or taken out where the value is null. The
   * other keys keep their values, which nobody need know. Undefined when the newest version is none (any more),
   * so that there is nothing to keep.
   */
  mergeSecret(
    path: VaultPath,
    changes: Readonly<Record<string, string | null>>,
    options: WriteOptions,
  ): Promise<SecretVersion | undefined>
  /** The versions of a secret; undefined when it was never written or is wholly deleted. */
  readMetadata(path: VaultPath): Promise<SecretMetadata | undefined>
  /**
   * The names right below a folder, those that lead further down with a slash at their end (one that is a secret
   * too comes twice); empty when there is nothing. For the sweeper, which compares Vault with the rows.
   */
  listChildren(folder: SecretFolder): Promise<readonly string[]>
  /** Makes the values of these versions unreadable for good; versions that are gone already are no error. */
  destroyVersions(path: VaultPath, versions: readonly SecretVersion[]): Promise<void>
  /** Removes all versions and the metadata; a secret that is not there is no error. */
  deleteAll(path: VaultPath): Promise<void>
  /** Whether a write would be taken now. Never throws. */
  health(): Promise<VaultHealth>
  /** Stops renewing the token and closes connections. */
  close(): Promise<void>
}
