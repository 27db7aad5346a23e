import { idBody, type UserId } from '../../../contract/ids.ts'
import {
  ResourceName,
  ServiceName,
  TemplateName,
  vaultPaths,
  type VaultPath,
} from '../../../contract/names.ts'
import { picker, word, type Pick } from '../../../testing/hostile-words.ts'
import type { SecretFolder, VaultPort } from '../port.ts'

/** As our code makes paths: each part by its schema. Nothing, when one is refused. */
function builtPath(userId: UserId, pick: Pick): VaultPath | undefined {
  const name = ResourceName.safeParse(word(pick))
  const template = TemplateName.safeParse(word(pick))
  const service = ServiceName.safeParse(word(pick))
  const rest = service.success ? { service: service.data } : {}
  if (name.success) return vaultPaths.deployment({ userId, name: name.data, ...rest })
  return template.success ? vaultPaths.template({ userId, template: template.data, ...rest }) : undefined
}

/** As a mistake makes them: joined and cast. */
function castPath(userId: UserId, pick: Pick): VaultPath {
  const user = `users/${idBody(userId)}`
  const parts = [
    `${user}/deployments/${word(pick)}`,
    `${user}/${word(pick)}/${word(pick)}`,
    `${user}${word(pick)}`,
    word(pick),
  ]
  return pick([...parts, `${user}/deployments/web/services/${word(pick)}`]) as VaultPath
}

/** One call with names that somebody chose who means no good; refused, or carried out for this user. */
export async function hostileCall(
  vault: VaultPort,
  userId: UserId,
  below: (n: number) => number,
): Promise<void> {
  const pick = picker(below)
  const path = (below(8) === 0 ? builtPath(userId, pick) : undefined) ?? castPath(userId, pick)
  const folder = pick<SecretFolder>([
    { of: 'services', below: path },
    { of: 'deployments', userId: word(pick) as UserId },
    { of: word(pick) as 'templates', userId },
  ])
  const calls = [
    async () => vault.writeSecret(path, { KEY: 'value' }, { checkAndSet: below(2) }),
    async () => vault.mergeSecret(path, { KEY: 'value' }, { checkAndSet: below(2) }),
    async () => vault.readMetadata(path),
    async () => vault.destroyVersions(path, [1]),
    async () => vault.deleteAll(path),
    async () => vault.listChildren(folder),
  ]
  // Refused is as good as done: what counts is where requests went.
  await pick(calls)().catch(() => undefined)
}
