/** Changes of secrets over what others do, and after going back: no value can be read, so none may be guessed. */
import pg from 'pg'
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

it('tells its own version from a stranger, when a change of secrets comes between', async () => {
  const { id, api, running } = await aStack()
  await api.secrets.set({ id, values: { OTHER: 'other 2', THIRD: 'third 2' } })
  meanwhile(async () => api.secrets.delete({ id, keys: ['THIRD', 'OTHER'] }))
  await api.secrets.set({ id, values: { OTHER: 'other 3' } })
  expect(await running()).toEqual({ TOKEN: 'token 1', OTHER: 'other 3' })
})

/** What a refusal says to do. */
const problemOf = async (work: Promise<unknown>) =>
  work.then(
    () => 'none',
    (error: unknown) => ((error as Error).cause as { params: { problem: string } }).params.problem,
  )

/** Over revision 2 with `OTHER` beside `TOKEN`, the latter was written anew, and that was taken back. */
async function wentBack() {
  const stack = await aStack()
  const { id, api } = stack
  await api.secrets.set({ id, values: { OTHER: 'other 2' } })
  await api.secrets.set({ id, values: { TOKEN: 'token 3' } })
  await api.deployments.rollback({ id, revision: 2 })
  return stack
}

it('sets, after going back, what was set before', async () => {
  const { id, path, api, running } = await wentBack()
  expect(await running()).toEqual({ TOKEN: 'token 1', OTHER: 'other 2' })
  await api.secrets.set({ id, values: { TOKEN: 'token 4' } })
  expect(await running()).toEqual({ TOKEN: 'token 4', OTHER: 'other 2' })
  await api.secrets.set({ id, values: { THIRD: 'third 5' } })
  expect(world.vault.peek(path, 5)).toEqual({ TOKEN: 'token 4', OTHER: 'other 2', THIRD: 'third 5' })
})

it('asks, after going back, for exactly those values that are not the newest', async () => {
  const { id, path, api, running } = await wentBack()
  await api.deployments.updateEnv({ id, service: 'web', env: [] })
  expect(await problemOf(api.secrets.set({ id, values: { OTHER: 'other 4' } }))).toBe(
    "Since this deployment went back, the vault's newest values of TOKEN are not those that run, and no value can be read back. Enter these as well: TOKEN.",
  )
  expect(world.vault.peek(path, 4)).toBeUndefined()
  await api.secrets.set({ id, values: { THIRD: 'third 4', TOKEN: 'token 4' } })
  expect(await running()).toEqual({ TOKEN: 'token 4', OTHER: 'other 2', THIRD: 'third 4' })
})

it('deletes, after going back, with the other values as they run', async () => {
  const { id, path, api, running } = await wentBack()
  await api.secrets.delete({ id, keys: ['OTHER'] })
  expect(await running()).toEqual({ TOKEN: 'token 1' })
  expect(world.vault.peek(path, 4)).toBeUndefined()
  // Of what is kept nothing differs now.
  await api.secrets.set({ id, values: { TOKEN: 'token 4', LAST: 'last 4' } })
  expect(world.vault.peek(path, 4)).toEqual({ TOKEN: 'token 4', LAST: 'last 4' })
  await api.deployments.rollback({ id, revision: 2 })
  await api.secrets.delete({ id, keys: ['TOKEN'] })
  expect(await running()).toEqual({ OTHER: 'other 2' })
})

it('deletes, after going back, from the newest version too where the others are the same', async () => {
  const { id, path, api, running } = await wentBack()
  await api.secrets.delete({ id, keys: ['TOKEN'] })
  expect(await running()).toEqual({ OTHER: 'other 2' })
  expect(world.vault.peek(path, 4)).toEqual({ OTHER: 'other 2' })
})

it('goes back from going back, and knows when each value was written', async () => {
  const { id, path, api, running } = await wentBack()
  await api.deployments.rollback({ id, revision: 3 })
  const versions = (await api.secrets.list({ id })).map(({ key, version }) => [key, version])
  expect(versions).toEqual([
    ['OTHER', 2],
    ['TOKEN', 3],
  ])
  await api.secrets.set({ id, values: { OTHER: 'other 4' } })
  expect(await running()).toEqual({ TOKEN: 'token 3', OTHER: 'other 4' })
  await api.deployments.rollback({ id, revision: 1 })
  await api.secrets.set({ id, values: { TOKEN: 'token 5' } })
  expect(world.vault.peek(path, 5)).toEqual({ TOKEN: 'token 5' })
})

/** As revisions are that were made before this was recorded; no statement of ours may change one. */
async function forgetOrigins(deploymentId: string) {
  const client = new pg.Client({ connectionString: world.dsn })
  await client.connect()
  try {
    await client.query('SET session_replication_role = replica')
    await client.query(`UPDATE revisions SET secret_origins = '{}' WHERE deployment_id = $1`, [deploymentId])
  } finally {
    await client.end()
  }
}

it('guesses nothing of revisions that did not record when values were written', async () => {
  const { id, api, running } = await wentBack()
  await forgetOrigins(id)
  const values = { TOKEN: 'token 4' }
  expect(await problemOf(api.secrets.set({ id, values }))).toContain('Enter these as well: OTHER.')
  await api.secrets.set({ id, values: { ...values, OTHER: 'other 4' } })
  await api.deployments.rollback({ id, revision: 3 })
  expect(await running()).toEqual({ TOKEN: 'token 3', OTHER: 'other 2' })
})

it('deletes a secret while what another change left in Vault cannot be told', async () => {
  const { id, path, api, running } = await wentBack()
  await world.vault.mergeSecret(path, { TOKEN: 'never committed' }, { checkAndSet: 3 })
  expect(await code(api.secrets.set({ id, values: { OTHER: 'x' } }))).toBe('VAULT_CONFLICT')
  await api.secrets.delete({ id, keys: ['OTHER'] })
  expect(await running()).toEqual({ TOKEN: 'token 1' })
})
