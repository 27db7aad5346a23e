import type { z } from 'zod'

import { vaultPaths, type SecretKey, type ServiceName } from '../../contract/names.ts'
import { fail } from '../../errors.ts'
import type { Caller } from '../access/actor.ts'
import { changeDeployment, type Change, type Current } from '../deployments/change-deployment.ts'
import type { DeploymentChanged } from '../deployments/schema.ts'
import type { Deps } from '../deps.ts'
import type { SetSecrets } from './schema.ts'
import { secretRows } from './secret-rows.ts'
import { pinnedVersion, usedKeys, withSecrets } from './secret-uses.ts'
import { stageSecrets } from './stage-secrets.ts'

type Input = z.output<typeof SetSecrets>

/** Sets secrets of a deployment: a new version in Vault, then a new revision that names it. */
export async function setSecrets(
  deps: Pick<Deps, 'db' | 'vault' | 'clock' | 'pushes' | 'changes' | 'settings'>,
  caller: Caller,
  input: Input,
): Promise<DeploymentChanged> {
  let staged: { version: number; over: number | undefined } | undefined
  return changeDeployment(deps, { caller, id: input.id }, async (current) => {
    const path = vaultPaths.deployment({ userId: current.row.ownerId, name: current.row.deploymentName })
    const present = usedKeys(current.spec, path)
    const pinned = pinnedVersion(current.spec, path)
    // Decided anew after somebody else's change that was not about secrets: what was staged is still right.
    if (staged?.over !== pinned || !staged) {
      const version = await stageSecrets(deps, { path, changes: input.values, present, pinned })
      staged = { version, over: pinned }
    }
    const { version } = staged
    const added = keysOf(input).filter((key) => !present.includes(key))
    const services = servicesOf(current, input)
    return {
      ...written(input, path, version),
      spec: withSecrets(current.spec, { path, version, added, services }),
    }
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
