import { newId, type SecretId } from '../../contract/ids.ts'

/** What the database keeps of a secret of a deployment: all but its value. */
interface SecretRow {
  readonly id: SecretId
  readonly layer: 'deployment'
  readonly path: string
  readonly key: string
  readonly version: number
  /** All services of the deployment may use it. */
  readonly service: null
  readonly description: string
}

interface Written {
  readonly path: string
  readonly version: number
  readonly keys: readonly string[]
  readonly describe: (key: string) => string
}

/** Rows of the keys that were written to Vault at this path as this version. */
export function secretRows({ path, version, keys, describe }: Written): SecretRow[] {
  return keys.map((key) => ({
    id: newId('sec'),
    layer: 'deployment',
    path,
    key,
    version,
    service: null,
    description: describe(key),
  }))
}
