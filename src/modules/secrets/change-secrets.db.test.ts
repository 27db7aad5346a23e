/** Changes of secrets over what others do, and after going back: no value can be read, so none may be guessed. */
import { expect, it, vi } from 'vitest'

import { vaultPaths } from '../../contract/names.ts'
import { aTenant } from '../../testing/builders.ts'
import { deployed } from '../../testing/deploy.ts'
import { useWorld } from '../../testing/world.ts'
import { nameOf } from '../deployments/name-of.ts'

const world = useWorld()

/** With `TOKEN`, in version 1 of its path. */
async function aStack() {
  const tenant = await aTenant(world.db)
  const id = await deployed(world, tenant, { secrets: { TOKEN: 'token 1' } })
  const path = vaultPaths.deployment({ userId: tenant.userId, name: nameOf(id) })
  const api = await world.as(tenant.userId)
  const running = async () => {
    const { specs } = await api.deployments.get({ id })
    const uses = specs.flatMap(({ secrets }) => secrets)
    const values = uses.map(({ key, version }) => [key, world.vault.peek(path, version)?.[key]])
    return Object.fromEntries(values) as Record<string, string | undefined>
  }
  return { id, path, api, running }
}

const code = async (work: Promise<unknown>) =>
  work.then(
    () => 'none',
    (error: unknown) => ((error as Error).cause as { code: string }).code,
  )

/** Something else happens between a write to Vault and the commit. */
function meanwhile(work: () => Promise<unknown>) {
  const merge = world.vault.mergeSecret.bind(world.vault)
  vi.spyOn(world.vault, 'mergeSecret').mockImplementationOnce(async (...args) => {
    const version = await merge(...args)
    await work()
    return version
  })
}

it('brings nothing to Vault of what is refused', async () => {
  const { id, path, api, running } = await aStack()
  expect(await code(api.secrets.set({ id, values: { OTHER: 'x' }, services: ['nope'] }))).toBe('NOT_FOUND')
  const many = (prefix: string) =>
    Object.fromEntries(Array.from({ length: 32 }, (_, index) => [`${prefix}${index}`, 'x']))
  expect(await code(api.secrets.set({ id, values: many('A') }))).toBe('INVALID_INPUT')
  expect(world.vault.peek(path, 2)).toBeUndefined()
  await api.secrets.set({ id, values: { OTHER: 'other 2' } })
  expect(await running()).toEqual({ TOKEN: 'token 1', OTHER: 'other 2' })
})

it('decides anew after a change that was not about secrets, without another version', async () => {
  const { id, path, api, running } = await aStack()
  const changeEnv = async () => api.deployments.updateEnv({ id, service: 'web', env: [] })
  meanwhile(changeEnv)
  await api.secrets.set({ id, values: { OTHER: 'other 2' } })
  meanwhile(changeEnv)
  await api.secrets.delete({ id, keys: ['OTHER'] })
  expect(await running()).toEqual({ TOKEN: 'token 1' })
  expect(world.vault.peek(path, 3)).toEqual({ TOKEN: 'token 1' })
  expect(world.vault.peek(path, 4)).toBeUndefined()
})
