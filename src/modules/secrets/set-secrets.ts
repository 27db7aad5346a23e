import type { z } from 'zod'

import type { SecretKey, ServiceName } from '../../contract/names.ts'
import { fail } from '../../errors.ts'
import type { Caller } from '../access/actor.ts'
import { changeDeployment, type Change, type Current } from '../deployments/change-deployment.ts'
import { withVersion } from '../deployments/revision-spec.ts'
import type { DeploymentChanged } from '../deployments/schema.ts'
import type { Deps } from '../deps.ts'
import type { SetSecrets } from './schema.ts'
import type { KnownVersion } from './secret-origins.ts'
import { secretRows } from './secret-rows.ts'
import { withSecrets } from './secret-uses.ts'
import { runningIn, stagingOf, type Staged } from './stage-secrets.ts'

type Input = z.output<typeof SetSecrets>

/**
 * Sets secrets of a deployment: a new version in Vault, then a new revision that names it.
 *
 * @throws {AppError} as `changeDeployment`, and INVALID_INPUT, VAULT_UNAVAILABLE, VAULT_CONFLICT
 */
export async function setSecrets(
  deps: Pick<Deps, 'db' | 'vault' | 'clock' | 'pushes' | 'changes' | 'settings'>,
  caller: Caller,
  input: Input,
): Promise<DeploymentChanged> {
  const stage = stagingOf(deps, input.values)
  return changeDeployment(deps, { caller, id: input.id }, async (current) => {
    const running = runningIn(current)
    const { path, present, pinned } = running
    const added = keysOf(input).filter((key) => !present.includes(key))
    const services = servicesOf(current, input)
    // All that can be refused is refused before anything is in Vault.
    const spec = withSecrets(current.spec, { path, version: pinned?.version ?? 1, added, services })
    const { version, origins } = assertStaged(await stage(running), [...present, ...added])
    return {
      ...written(input, path, version),
      spec: withVersion(spec, path, version),
      secretOrigins: { ...current.row.secretOrigins, [path]: origins },
    }
  })
}

const keysOf = ({ values }: Input): SecretKey[] => Object.keys(values) as SecretKey[]

function servicesOf({ spec }: Current, { services }: Input): ServiceName[] {
  const names = spec.services.map(({ name }) => name)
  if (services?.some((name) => !names.includes(name))) fail('NOT_FOUND', { what: 'service' })
  return services ?? names
}

/** @param keys all that there are to be. @throws {AppError} INVALID_INPUT, VAULT_CONFLICT */
function assertStaged(staged: Staged, keys: readonly SecretKey[]): KnownVersion {
  if ('version' in staged) return staged
  if ('differing' in staged) {
    const names = staged.differing.toSorted().join(', ')
    const problem = `Since this deployment went back, the vault's newest values of ${names} are not those that run, and no value can be read back. Enter these as well: ${names}.`
    fail('INVALID_INPUT', { problem })
  }
  if (staged.isUnderWay) fail('VAULT_CONFLICT', {})
  return fail('INVALID_INPUT', {
    problem: `An earlier change of these secrets was cut off, and what it left cannot be told from what runs. Enter all of them again, in one go: ${keys.toSorted().join(', ')}.`,
  })
}

const written = (input: Input, path: string, version: number): Omit<Change, 'spec'> => ({
  action: 'secret:set',
  activity: { kind: 'secrets_updated', detail: { keys: keysOf(input) } },
  secrets: secretRows({ path, version, keys: keysOf(input), describe: () => input.description }),
})
