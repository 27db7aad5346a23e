/** Which secrets a service really gets: of two that set the same variable or file, the later one counts. */
import type { Service } from '../../../src/contract/crd/service.ts'
import type { UserDeployment } from '../../../src/contract/crd/user-deployment.ts'
import type { Dns1123Label, SecretKey, VaultPath } from '../../../src/contract/names.ts'
import { secretChild } from '../child-names.ts'

/** One Secret of a service: the keys of one path in Vault at one version. */
export interface ServiceSecret {
  /** Of the ExternalSecret and of the Secret that comes of it. */
  readonly name: Dns1123Label
  readonly path: VaultPath
  readonly version: number
  /** Each once, sorted. */
  readonly keys: readonly SecretKey[]
  readonly variables: readonly { readonly env: string; readonly key: SecretKey }[]
  readonly files: readonly { readonly path: string; readonly mode: number; readonly key: SecretKey }[]
}

/** Secrets that nothing is taken from are left out. */
export function secretsOf(resource: UserDeployment, service: Service): ServiceSecret[] {
  if (service.secrets.length === 0) return []
  const uses = service.secrets.flatMap(({ keys }, at) => keys.map((use) => ({ at, ...use })))
  const lastOf = (
    pick: (use: (typeof uses)[number]) => string | undefined,
  ): Map<string | undefined, unknown> => new Map(uses.map((use) => [pick(use), use]))
  const byVariable = lastOf(({ env }) => env)
  const byFile = lastOf(({ file }) => file?.path)

  return service.secrets.flatMap(({ path, version }, at) => {
    const variables = uses.flatMap((use) =>
      use.at === at && use.env !== undefined && byVariable.get(use.env) === use
        ? [{ env: use.env, key: use.key }]
        : [],
    )
    const files = uses.flatMap((use) =>
      use.at === at && use.file !== undefined && byFile.get(use.file.path) === use
        ? [{ ...use.file, key: use.key }]
        : [],
    )
    const keys = [...new Set([...variables, ...files].map(({ key }) => key))].toSorted()
    if (keys.length === 0) return []
    const name = secretChild(resource, service.name, { version, content: JSON.stringify([path, keys]) })
    return [{ name, path, version, keys, variables, files }]
  })
}
