import { execFile } from 'node:child_process'
import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { newId } from '../../contract/ids.ts'
import { generateName, vaultPaths } from '../../contract/names.ts'
import type { VaultSettings } from './client.ts'
import { createVault } from './node-vault.ts'
import type { VaultPort } from './port.ts'
import { recordingVault, tokenAnswer, written, type RecordingVault } from './testing/recording-vault.ts'

const cleanUps: (() => Promise<unknown>)[] = []

afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).toReversed()) await cleanUp()
})

async function standIn(script: Parameters<typeof recordingVault>[0]): Promise<RecordingVault> {
  const vault = await recordingVault((call) =>
    call.url.startsWith('/v1/auth/') ? (script(call) ?? tokenAnswer(0)) : script(call),
  )
  cleanUps.push(vault.close)
  return vault
}

function open(address: string, more: Partial<VaultSettings> = {}): VaultPort {
  const vault = createVault({ address, token: { value: 'first' }, mount: 'secret', timeoutMs: 300, ...more })
  cleanUps.push(vault.close)
  return vault
}

async function tokenFile(token: string): Promise<{ path: string; replace(token: string): Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'shipyard-vault-'))
  cleanUps.push(async () => rm(folder, { recursive: true }))
  const path = join(folder, 'token')
  await writeFile(path, token)
  return {
    path,
    async replace(next) {
      await writeFile(`${path}.part`, next)
      await rename(`${path}.part`, path)
    },
  }
}

const path = vaultPaths.deployment({ userId: newId('usr'), name: generateName() })
const refused = { status: 403, body: { errors: ['permission denied'] } }
const unavailable = { code: 'VAULT_UNAVAILABLE' }

it('asks the path of the secret and of nothing else', async () => {
  const vault = await standIn(() => written(7))
  expect(await open(vault.address).writeSecret(path, { KEY: 'value' }, { checkAndSet: 6 })).toBe(7)
  expect(vault.secretCalls()).toEqual([
    {
      method: 'POST',
      url: `/v1/secret/data/${path}`,
      token: 'first',
      body: JSON.stringify({ data: { KEY: 'value' }, options: { cas: 6 } }),
    },
  ])
})

it('tells a write that came too late from an outage', async () => {
  const errors = ['check-and-set parameter did not match the current version']
  const vault = await standIn(() => ({ status: 400, body: { errors } }))
  await expect(open(vault.address).writeSecret(path, {}, { checkAndSet: 0 })).rejects.toMatchObject({
    code: 'VAULT_CONFLICT',
  })
})

describe('an outage', () => {
  it('ends a call that nobody answers', async () => {
    const vault = await standIn(() => undefined)
    const began = performance.now()
    await expect(open(vault.address).writeSecret(path, {}, { checkAndSet: 0 })).rejects.toMatchObject(
      unavailable,
    )
    expect(performance.now() - began).toBeLessThan(2_000)
  })

  it('is told apart from an answer', async () => {
    const vault = await standIn(() => undefined)
    await vault.close()
    const port = open(vault.address)
    await expect(port.readMetadata(path)).rejects.toMatchObject(unavailable)
    expect(await port.health()).toEqual({ isHealthy: false, reason: expect.stringContaining('ECONNREFUSED') })
  })

  it.each([500, 502, 503, 429, 400, 404])('covers a write that is answered %i', async (status) => {
    const vault = await standIn(() => ({ status, body: { errors: ['Vault is sealed'] } }))
    await expect(open(vault.address).writeSecret(path, {}, { checkAndSet: 0 })).rejects.toMatchObject(
      unavailable,
    )
  })

  it('covers an answer that is cut off or no JSON', async () => {
    const vault = await standIn(() => ({ status: 200, body: undefined }))
    await expect(open(vault.address).writeSecret(path, {}, { checkAndSet: 0 })).rejects.toMatchObject(
      unavailable,
    )
  })

  it('shows in the health, sealed or not a Vault at all', async () => {
    const sealed = await standIn(() => ({ status: 503, body: { initialized: true, sealed: true } }))
    expect(await open(sealed.address).health()).toEqual({ isHealthy: false, reason: 'Vault is sealed.' })
    const other = await standIn(() => ({ status: 200, body: {} }))
    expect((await open(other.address).health()).reason).toContain('no Vault')
  })
})

it('follows no redirect, so that the token stays with this host', async () => {
  const elsewhere = await standIn(() => written(1))
  const vault = await standIn(({ url }) => ({
    status: 307,
    headers: { location: elsewhere.address + url },
  }))
  await expect(open(vault.address).writeSecret(path, {}, { checkAndSet: 0 })).rejects.toMatchObject(
    unavailable,
  )
  expect(elsewhere.calls).toEqual([])
})

describe('the token', () => {
  it('is read again when Vault refuses it, and the call is made once more', async () => {
    const file = await tokenFile('old\n')
    const vault = await standIn(({ token }) => (token === 'new' ? written(1) : refused))
    const port = open(vault.address, { token: { file: file.path } })
    await vi.waitFor(() => expect(vault.calls).not.toHaveLength(0))
    await file.replace('new\n')
    expect(await port.writeSecret(path, {}, { checkAndSet: 0 })).toBe(1)
  })

  it('that stays refused is an outage after one try', async () => {
    const file = await tokenFile('old')
    const vault = await standIn(() => refused)
    const port = open(vault.address, { token: { file: file.path } })
    await expect(port.writeSecret(path, {}, { checkAndSet: 0 })).rejects.toMatchObject(unavailable)
    expect(vault.secretCalls()).toHaveLength(1)
  })

  it('is taken from the file as soon as that changes, before any refusal', async () => {
    const file = await tokenFile('old')
    const vault = await standIn(() => written(1))
    const port = open(vault.address, { token: { file: file.path } })
    await port.writeSecret(path, {}, { checkAndSet: 0 })
    await file.replace('new')
    await vi.waitFor(() => expect(vault.calls.at(-1)).toMatchObject({ token: 'new' }), 2_000)
    await port.writeSecret(path, {}, { checkAndSet: 0 })
    expect(vault.secretCalls().map(({ token }) => token)).toEqual(['old', 'new'])
  })

  it('may be missing at first', async () => {
    const file = await tokenFile('old')
    const vault = await standIn(() => written(1))
    const port = open(vault.address, { token: { file: `${file.path}-later` } })
    await expect(port.writeSecret(path, {}, { checkAndSet: 0 })).rejects.toMatchObject(unavailable)
    await writeFile(`${file.path}-later`, 'late')
    expect(await port.writeSecret(path, {}, { checkAndSet: 0 })).toBe(1)
  })

  it('is renewed at two thirds of its life, again and again', async () => {
    const renewals: number[] = []
    const vault = await standIn(({ url }) => {
      if (url === '/v1/auth/token/renew-self') renewals.push(performance.now())
      return tokenAnswer(0.3)
    })
    const began = performance.now()
    open(vault.address)
    await vi.waitFor(() => expect(renewals.length).toBeGreaterThan(2), 3_000)
    expect((renewals[0] ?? 0) - began).toBeGreaterThan(190)
    expect((renewals[1] ?? 0) - (renewals[0] ?? 0)).toBeGreaterThan(190)
  })

  it('that cannot be renewed is told of, and tried again until it can', async () => {
    let isDown = true
    const vault = await standIn(() => (isDown ? { status: 503 } : tokenAnswer(3600)))
    const onTrouble = vi.fn<(sentence: string) => void>()
    open(vault.address, { onTrouble })
    await vi.waitFor(() => expect(onTrouble).toHaveBeenCalledWith(expect.stringContaining('503')))
    isDown = false
    const before = vault.calls.length
    await vi.waitFor(() => expect(vault.calls.length).toBeGreaterThan(before), 5_000)
  })
})

it('prints neither token nor value, whatever DEBUG says', async () => {
  const vault = await standIn(() => written(1))
  const source = (file: string): string => JSON.stringify(pathToFileURL(join(import.meta.dirname, file)).href)
  const script = `
    import { createVault } from ${source('node-vault.ts')}
    import nodeVault from 'node-vault'
    const address = process.argv[1], path = process.argv[2]
    const vault = createVault({ address, token: { value: 'canary-token' }, mount: 'secret' })
    await vault.writeSecret(path, { KEY: 'canary-value' }, { checkAndSet: 0 })
    await vault.close()
    if (process.argv[3]) await nodeVault({ endpoint: address }).write('x', { KEY: 'canary-value' })`
  const run = async (...args: string[]): Promise<string> => {
    const { stdout, stderr } = await promisify(execFile)(
      process.execPath,
      ['--input-type=module', '--eval', script, ...args],
      { cwd: import.meta.dirname, env: { DEBUG: '*', NODE_DEBUG: 'http,net,undici' } },
    )
    return stdout + stderr
  }
  // The same with node-vault as it comes shows that there is something to look for.
  expect(await run(vault.address, path, 'bare')).toContain('canary-value')
  expect(await run(vault.address, path)).not.toMatch(/canary/)
  expect(vault.secretCalls()).not.toHaveLength(0)
})
