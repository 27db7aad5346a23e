/**
 * Whatever a caller writes into the inputs of procedures: what goes out to the real API server and to the real OpenBao
 * stays within the caller's namespace and prefix. The judges are what stands before the two, not our code.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, inject, it } from 'vitest'

import { bind } from '../../deploy/local/access.ts'
import { readKubeconfig } from '../../deploy/local/cluster-api.ts'
import { openCluster, stackEnv } from '../../e2e/fixtures/cluster.ts'
import { installOperator } from '../../e2e/fixtures/operator.ts'
import { startRecordingProxy } from '../../e2e/fixtures/recording-proxy.ts'
import { API_VERSION } from '../contract/crd/meta.ts'
import { idBody, newId } from '../contract/ids.ts'
import { DEFAULT_NAMESPACE_PATTERN, namespaceFor } from '../contract/names.ts'
import { createKube } from '../ports/kube/kubernetes.ts'
import { writeKubeconfig } from '../ports/kube/testing/kubeconfig.ts'
import { createVault } from '../ports/vault/node-vault.ts'
import { aTenant } from '../testing/builders.ts'
import { aForm } from '../testing/deploy.ts'
import { chance, picker, word, type Pick } from '../testing/hostile-words.ts'
import { useWorld, type Api } from '../testing/world.ts'

const CALLS = 2_000
/** And a good one with each batch: what is refused everywhere proves nothing. */
const AT_ONCE = 10

const server = join(inject('stackFolder'), 'kubeconfig/shipyard-server.yaml')
const toCluster = await startRecordingProxy(readKubeconfig(server))
const toVault = await startRecordingProxy({ origin: stackEnv('VAULT_ADDR') })
const folder = await mkdtemp(join(tmpdir(), 'shipyard-containment-'))
const kubeconfig = await writeKubeconfig(join(folder, 'kubeconfig.json'), toCluster.address)
const token = { file: stackEnv('VAULT_TOKEN_FILE') }

const world = useWorld({
  openKube: () => createKube({ kubeconfig }),
  openVault: () => createVault({ address: toVault.address, token, mount: 'secret' }),
})

beforeAll(async () => {
  const cluster = openCluster()
  await installOperator(cluster)
  await cluster.apply(bind('shipyard-server', 'shipyard-server', 'shipyard-server'))
  await cluster.close()
})
afterAll(async () => {
  await Promise.all([toCluster.close(), toVault.close(), rm(folder, { recursive: true })])
})

/** Puts a hostile word in place of one text of an input, at any depth, as a value or as a name. */
function spoiled(input: unknown, pick: Pick): unknown {
  if (typeof input !== 'object' || input === null) return pick([word(pick), word(pick), 0, null, [], {}])
  const entries = Object.entries(input)
  if (entries.length === 0) return Array.isArray(input) ? [word(pick)] : { [word(pick)]: word(pick) }
  const at = pick(entries)
  const isName = !Array.isArray(input) && pick([true, false, false, false])
  const changed = entries.map(([key, value]) => {
    if (key !== at[0]) return [key, value]
    return isName ? [word(pick), value] : [key, spoiled(value, pick)]
  }) as [string, unknown][]
  return Array.isArray(input) ? changed.map(([, value]) => value) : Object.fromEntries(changed)
}

type Ask = (input: never) => Promise<unknown>

it(`sends nothing outside the caller's namespace and prefix, for ${CALLS} spoiled inputs`, async () => {
  const seed = inject('testSeed')
  const pick = picker(chance(seed))
  const { userId, orgId, teamId } = await aTenant(world.db)
  const api: Api = await world.as(userId)
  const form = {
    ...(await aForm(world, teamId)),
    services: [
      { name: 'web', image: 'registry.localhost/shipyard/hello:1', env: [{ name: 'A', value: 'b' }] },
    ],
    hosts: ['shop.example.org'],
  }
  const { id } = await api.deployments.create(form)
  const env = [{ name: 'A', value: 'b' }]
  const image = 'registry.localhost/shipyard/hello:1'
  const { deployments, follows, secrets, templates } = api
  const asks: [Ask, () => object][] = [
    [
      deployments.create,
      () => ({ ...form, id: newId('dep'), hosts: [`${newId('dep').slice(4)}.example.org`] }),
    ],
    [deployments.plan, () => ({ ...form, id: newId('dep') })],
    [deployments.planUpdate, () => ({ id, service: 'web', env })],
    [deployments.updateEnv, () => ({ id, service: 'web', env })],
    [deployments.deployImage, () => ({ id, service: 'web', image })],
    [follows.set, () => ({ id, service: 'web', isFollowed: true })],
    [deployments.list, () => ({ teamId, search: 'x', cursor: 'x' })],
    [deployments.get, () => ({ id })],
    [deployments.activity, () => ({ id, cursor: 'x' })],
    [secrets.set, () => ({ id, values: { TOKEN: 'x' }, services: ['web'] })],
    [secrets.delete, () => ({ id, keys: ['TOKEN'] })],
    [templates.get, () => ({ teamId, templateId: form.templateId })],
  ]
  const push = world.workers.loops.find(({ name }) => name === 'push-custom-resources')
  push?.start()
  let answered = 0
  const codes = new Set<string>()
  for (let done = 0; done < CALLS; done += AT_ONCE) {
    const batch = Array.from({ length: AT_ONCE + 1 }, async (_, index) => {
      const [ask, input] = pick(asks)
      const isGood = index === 0
      await ask((isGood ? input() : spoiled(input(), pick)) as never).then(
        () => answered++,
        (error: { cause?: { code?: string }; code: string }) => codes.add(error.code),
      )
    })
    await Promise.all(batch)
  }
  const counts = async (): Promise<number> =>
    world.db.prisma.deployment.count({
      where: { orgId, pushedGeneration: { lt: world.db.prisma.deployment.fields.generation } },
    })
  await expect.poll(counts, { timeout: 60_000 }).toBe(0)

  const namespace = namespaceFor(DEFAULT_NAMESPACE_PATTERN, { userId, orgId })
  const name = '[a-z][a-z2-7]{9}'
  const ownObjects = new RegExp(
    `^/api(/v1/namespaces/${namespace}|s/${API_VERSION}/namespaces/${namespace}/userdeployments/${name})(\\?[A-Za-z0-9=&-]*)?$`,
  )
  const prefix = `users/${idBody(userId)}/deployments/${name}`
  const ownSecrets = new RegExp(
    `^/v1/(auth/token/(lookup|renew)-self|secret/(data|metadata|destroy)/${prefix}(/services/[a-z0-9-]+)?)$`,
  )
  expect(codes).not.toContain('INTERNAL_SERVER_ERROR')
  expect(toCluster.urls.filter((url) => !ownObjects.test(url))).toEqual([])
  expect(toVault.urls.filter((url) => !ownSecrets.test(url))).toEqual([])
  expect(answered).toBeGreaterThan(CALLS / 20)
  expect(toCluster.urls.length).toBeGreaterThan(CALLS / 40)
  expect(toVault.urls.length).toBeGreaterThan(CALLS / 40)
}, 180_000)
