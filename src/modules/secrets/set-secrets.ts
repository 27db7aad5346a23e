import type { z } from 'zod'

import { vaultPaths, type SecretKey, type ServiceName } from '../../contract/names.ts'
import { fail } from '../../errors.ts'
import type { Caller } from '../access/actor.ts'
import { changeDeployment, type Change, type Current } from '../deployments/change-deployment.ts'
import { withVersion } from '../deployments/revision-spec.ts'
import type { DeploymentChanged } from '../deployments/schema.ts'
import type { Deps } from '../deps.ts'
import type { SetSecrets } from './schema.ts'
import { secretRows } from './secret-rows.ts'
import { pinnedVersion, usedKeys, withSecrets } from './secret-uses.ts'
import { stagingOf } from './stage-secrets.ts'

type Input = z.output<typeof SetSecrets>

/** Sets secrets of a deployment: a new version in Vault, then a new revision that names it. */
export async function setSecrets(
  deps: Pick<Deps, 'db' | 'vault' | 'clock' | 'pushes' | 'changes' | 'settings'>,
  caller: Caller,
  input: Input,
): Promise<DeploymentChanged> {
  const stage = stagingOf(deps, input.values)
  return changeDeployment(deps, { caller, id: input.id }, async (current) => {
    const path = vaultPaths.deployment({ userId: current.row.ownerId, name: current.row.deploymentName })
    const present = usedKeys(current.spec, path)
    const pinned = pinnedVersion(current.spec, path)
    const added = keysOf(input).filter((key) => !present.includes(key))
    const services = servicesOf(current, input)
    // All that can be refused is refused before anything is in Vault.
    const spec = withSecrets(current.spec, { path, version: pinned ?? 1, added, services })
    const version = await stage({ path, present, pinned })
    return { ...written(input, path, version), spec: withVersion(spec, path, version) }
  })
}

const keysOf = ({ values }: Input): SecretKey[] => Object.keys(values) as SecretKey[]

function servicesOf({ spec }: Current, { services }: Input): ServiceName[] {
  const names = spec.services.map(({ name }) => name)
  if (services?.some((name) => !names.includes(name))) fail('NOT_FOUND', { what: 'service' })
  return services ?? names
}

const written = (input: Input, path: string, version: number): Omit<Change, 'spec'> => ({
  action: 'secret:set',
  activity: { kind: 'secrets_updated', detail: { keys: keysOf(input) } },
  secrets: secretRows({ path, version, keys: keysOf(input), describe: () => input.description }),
})
