/** Whose a host name is: never two deployments answer at the same one, whoever asks for it, and when. */
import fc from 'fast-check'
import { beforeEach, expect, inject, it } from 'vitest'

import type { UserDeployment, UserDeploymentSpecInput } from '../../src/contract/crd/user-deployment.ts'
import type { KubeObject } from '../runtime/cluster.ts'
import { MemoryOperator } from '../testing/memory-operator.ts'
import { collectGarbage } from '../testing/memory-world.ts'
import { putNamespace, putResource, statusOf } from '../testing/populate.ts'
import { aResource, NAME, testSettings } from '../testing/resources.ts'
import type { LiveIngress } from './observed.ts'

const SHOP = 'shop.example.com'
const BANK = 'bank.example.com'
const GENERATED = `${NAME}.apps.localhost`

type Metadata = UserDeployment['metadata']

interface Tenant {
  name: string
  /** The letter of the namespace and the ids. */
  letter: string
  second: number
}

const OLDER: Tenant = { name: 'olderolder', letter: 'o', second: 1 }
const YOUNGER: Tenant = { name: 'youngeryou', letter: 'y', second: 2 }

/** A deployment of the tenant's only user. */
function of(
  { name, letter, second }: Tenant,
  hosts: string[],
  spec: Partial<UserDeploymentSpecInput> = {},
): UserDeployment {
  const body = letter.repeat(25)
  return aResource(
    {
      ingress: { service: 'web', port: 8080, hosts },
      owner: { userId: `usr_${body}`, orgId: `org_${body}`, teamId: `team_${body}` },
      ...spec,
    },
    {
      name: name as Metadata['name'],
      namespace: `sandbox-${body}-${body}` as Metadata['namespace'],
      uid: `uid-of-${letter}`,
      creationTimestamp: `2030-01-01T00:00:0${second}Z`,
    },
  )
}

let operator: MemoryOperator
/** Host names that two Ingresses had at the same time. */
let shared: string[]
beforeEach(() => {
  begin()
})

function begin(): void {
  operator = new MemoryOperator(testSettings())
  const { objects } = operator.cluster
  shared = []
  objects.listen(() => {
    const hosts = objects.all('Ingress').flatMap(hostsIn)
    shared.push(...hosts.filter((host, at) => hosts.indexOf(host) !== at))
  })
}

const hostsIn = (ingress: LiveIngress): string[] => ingress.spec?.rules?.map(({ host = '' }) => host) ?? []

function put(resource: UserDeployment): void {
  const { cluster } = operator
  if (!cluster.objects.get('Namespace', { name: resource.metadata.namespace ?? '' }))
    putNamespace(cluster, resource)
  putResource(cluster, resource)
}

async function deploy(resource: UserDeployment): Promise<void> {
  put(resource)
  await operator.settle()
}

const ingressOf = ({ metadata }: UserDeployment): KubeObject | undefined =>
  operator.cluster.objects.get('Ingress', metadata)
const answersAt = (resource: UserDeployment): string[] => {
  const ingress = ingressOf(resource)
  return ingress ? hostsIn(ingress) : []
}
const status = (resource: UserDeployment): UserDeployment['status'] => statusOf(operator.cluster, resource)

const TAKEN = { phase: 'Error', lastError: { reason: 'HostTaken' } }

it('leaves a host name with the one who has it when an older deployment asks for it too', async () => {
  const victim = of(YOUNGER, [SHOP])
  await deploy(of(OLDER, []))
  await deploy(victim)
  const attacker = of(OLDER, [SHOP])
  await deploy(attacker)
  expect(answersAt(victim)).toContain(SHOP)
  expect(status(victim)).toMatchObject({ phase: 'Ready' })
  expect(status(attacker)).toMatchObject(TAKEN)
  expect(status(attacker)?.urls).toEqual(['http://olderolder.apps.localhost:20080'])
  expect(shared).toEqual([])
})

it('still leaves it there after a restart', async () => {
  const victim = of(YOUNGER, [SHOP])
  await deploy(of(OLDER, []))
  await deploy(victim)
  await deploy(of(OLDER, [SHOP]))
  operator = operator.restarted()
  operator.resync()
  await operator.settle()
  expect(answersAt(victim)).toContain(SHOP)
  expect(answersAt(of(OLDER, []))).not.toContain(SHOP)
  expect(shared).toEqual([])
})

it('gives no namesake in another namespace the generated host name', async () => {
  const victim = of({ ...YOUNGER, name: NAME }, [])
  const attacker = of({ ...OLDER, name: NAME }, [SHOP])
  await deploy(victim)
  await deploy(attacker)
  expect(answersAt(victim)).toEqual([GENERATED])
  expect(status(victim)).toMatchObject({ phase: 'Ready' })
  expect(answersAt(attacker)).toEqual([SHOP])
  expect(status(attacker)).toMatchObject(TAKEN)
  expect(status(attacker)?.lastError?.message).toContain('of the same name in another namespace')
  operator.cluster.objects.drop(victim)
  await operator.settle()
  expect(answersAt(attacker)).toEqual([GENERATED, SHOP])
  expect(status(attacker)).toMatchObject({ phase: 'Ready' })
  expect(shared).toEqual([])
})

it('keeps the generated host name for an older namesake that does not answer outside yet', async () => {
  const victim = of({ ...OLDER, name: NAME }, [], { visibility: 'internal' })
  const attacker = of({ ...YOUNGER, name: NAME }, [])
  await deploy(victim)
  await deploy(attacker)
  expect(ingressOf(attacker)).toBeUndefined()
  expect(status(attacker)).toMatchObject(TAKEN)
  operator.cluster.objects.drop(victim)
  await operator.settle()
  expect(answersAt(attacker)).toEqual([GENERATED])
  expect(status(attacker)).toMatchObject({ phase: 'Ready' })
})

it('gives one to the younger as soon as the older does not want it any more that could not have it yet', async () => {
  const { cluster } = operator
  putResource(cluster, of(OLDER, [SHOP]))
  const younger = of(YOUNGER, [SHOP])
  await deploy(younger)
  expect(status(younger)).toMatchObject(TAKEN)
  putResource(cluster, of(OLDER, []))
  await operator.settle()
  expect(answersAt(younger)).toContain(SHOP)
})

it('gives one that two ask for at the same time to the older, and to the other when it is given back', async () => {
  put(of(YOUNGER, [SHOP]))
  put(of(OLDER, [SHOP]))
  await operator.settle()
  const [older, younger] = [of(OLDER, []), of(YOUNGER, [SHOP])]
  expect(answersAt(older)).toContain(SHOP)
  expect(status(younger)).toMatchObject(TAKEN)
  await deploy(older)
  expect(answersAt(younger)).toContain(SHOP)
  expect(status(younger)).toMatchObject({ phase: 'Ready' })
  expect(shared).toEqual([])
})

it('lets two exchange what they have', async () => {
  await deploy(of(OLDER, [SHOP]))
  await deploy(of(YOUNGER, [BANK]))
  const [older, younger] = [of(OLDER, [BANK]), of(YOUNGER, [SHOP])]
  await deploy(older)
  expect(status(older)).toMatchObject(TAKEN)
  await deploy(younger)
  expect(answersAt(older)).toContain(BANK)
  expect(answersAt(younger)).toContain(SHOP)
  expect(shared).toEqual([])
})

it('waits for the Ingress of one that is being deleted, and not for one that never had any', async () => {
  const going = (resource: UserDeployment): UserDeployment => ({
    ...resource,
    metadata: { ...resource.metadata, deletionTimestamp: '2030-01-01T01:00:00Z' },
  })
  const { objects } = operator.cluster
  const [older, younger] = [of(OLDER, [SHOP]), of(YOUNGER, [SHOP])]
  put(older)
  await operator.settle()
  objects.replace(going(older))
  await deploy(younger)
  expect(status(younger)).toMatchObject(TAKEN)
  const ingress = ingressOf(older)
  if (ingress) objects.drop(ingress)
  await operator.settle()
  expect(answersAt(younger)).toContain(SHOP)
  expect(status(younger)).toMatchObject({ phase: 'Ready' })

  begin()
  putNamespace(operator.cluster, older)
  operator.cluster.objects.replace(going(older))
  await deploy(younger)
  expect(answersAt(younger)).toContain(SHOP)
})

it('takes it from the younger where two came to have it at the same moment', async () => {
  const [older, younger] = [of(OLDER, [SHOP]), of(YOUNGER, [SHOP])]
  await deploy(of(OLDER, []))
  await deploy(younger)
  const ingress = ingressOf(older) as LiveIngress
  const rules = [...(ingress.spec?.rules ?? []), { host: SHOP }]
  put(older)
  operator.cluster.objects.replace({ ...ingress, spec: { ...ingress.spec, rules } } as KubeObject)
  await operator.settle()
  expect(answersAt(older)).toContain(SHOP)
  expect(answersAt(younger)).toEqual(['youngeryou.apps.localhost'])
  expect(status(younger)).toMatchObject(TAKEN)
})

it('asks for no certificate of a host name that another one has', async () => {
  operator = new MemoryOperator(testSettings({ CLUSTER_ISSUER: 'letsencrypt' }))
  await deploy(of(OLDER, [SHOP]))
  const younger = of(YOUNGER, [SHOP, BANK])
  await deploy(younger)
  expect(ingressOf(younger)).toMatchObject({ spec: { tls: [{ hosts: [BANK] }] } })
})

const TENANTS: readonly Tenant[] = [OLDER, YOUNGER, { ...YOUNGER, letter: 'n', second: 3 }]

const arbitraryWish = fc.record({
  tenant: fc.constantFrom(...TENANTS),
  hosts: fc.subarray([SHOP, BANK]),
  visibility: fc.constantFrom('public' as const, 'public' as const, 'internal' as const),
  turns: fc.nat(6),
  isLagging: fc.boolean(),
  isDeleted: fc.integer({ min: 0, max: 4 }).map((dice) => dice === 0),
})

it('gives no host name to two, whatever is asked for and in which order', { timeout: 600_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(arbitraryWish, { minLength: 2, maxLength: 7 }), async (wishes) => {
      begin()
      const wanted = new Map<Tenant, readonly string[]>()
      for (const { tenant, hosts, visibility, turns, isLagging, isDeleted } of wishes) {
        const resource = of(tenant, hosts, { visibility })
        if (isDeleted) operator.cluster.objects.drop(resource)
        else put(resource)
        wanted.set(tenant, isDeleted || visibility === 'internal' ? [] : hosts)
        for (let turn = 0; turn < turns; turn++) {
          if (!isLagging) operator.cluster.deliver()
          await operator.turn()
        }
      }
      do await operator.settle()
      while (collectGarbage(operator.cluster))
      expect(shared).toEqual([])
      const held = operator.cluster.objects.all('Ingress').flatMap(hostsIn)
      const chosen = held.filter((host) => host === SHOP || host === BANK)
      expect(new Set(chosen)).toEqual(new Set([...wanted.values()].flat()))
    }),
    { numRuns: inject('testLevel') >= 9 ? 1000 : 60 },
  )
})
