/**
 * What `deployments.plan` shows, held against what is then really made: the server's procedures and loops, its real
 * way into the cluster, the operator and an API server. Only pods do not run.
 */
import fc from 'fast-check'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, inject, it } from 'vitest'
import { parse } from 'yaml'

import { bind } from '../../../deploy/local/access.ts'
import type { KubeObject } from '../../../deploy/local/cluster-api.ts'
import { eventually, openCluster } from '../../../e2e/fixtures/cluster.ts'
import {
  installOperator,
  MADE_VERSIONS,
  startOperator,
  takeTurn,
  TURN_TIMEOUT_MS,
  type RunningOperator,
} from '../../../e2e/fixtures/operator.ts'
import { runPods, syncSecrets, type Finder } from '../../../e2e/fixtures/stand-ins.ts'
import { LABELS } from '../../contract/crd/meta.ts'
import { newId } from '../../contract/ids.ts'
import { arbitraryForm, type ArbitraryForm } from '../../contract/testing/arbitrary-form.ts'
import { createKube } from '../../ports/kube/kubernetes.ts'
import { aTemplate, aTenant, type Tenant } from '../../testing/builders.ts'
import { HELLO, HELLO_DIGEST, useWorld } from '../../testing/world.ts'
import type { CreateDeploymentInput, DeploymentPlan } from './schema.ts'

const INPUTS = inject('testLevel') > 1 ? 200 : 30
/** Each in a namespace of its own. */
const TENANTS = 15
const AT_ONCE = 10
/** Until all is made, on a machine that has other things to do too. */
const PATIENCE_MS = 400_000
/** Objects are tried here, where nothing is made. */
const TRIAL_NAMESPACE = 'default'

const render = { DEPLOYMENT_DOMAIN: 'apps.localhost', CLUSTER_SECRET_STORE: 'vault', CLUSTER_ISSUER: 'acme' }
const cluster = openCluster()
/** With the rights that the manifests give the server, and no others. */
const openKube = () =>
  createKube({ kubeconfig: join(inject('stackFolder'), 'kubeconfig/shipyard-server.yaml') })
const world = useWorld({ runsLoops: true, openKube, render })
let operator: RunningOperator
let endTurn: () => Promise<void>

beforeAll(async () => {
  endTurn = await takeTurn(cluster)
  await installOperator(cluster)
  await cluster.apply(bind('shipyard-server', 'shipyard-server', 'shipyard-server'))
  world.registry.setBroken('ghcr.io', 'RegistryUnavailable')
  operator = await startOperator(render)
}, TURN_TIMEOUT_MS)
afterAll(async () => {
  await operator.stop()
  await endTurn()
  await cluster.close()
})

interface Live extends KubeObject {
  spec?: { clusterIP?: string }
}

type Slots = ReadonlyMap<string, KubeObject>

const slotOf = ({ kind, metadata }: KubeObject): string => `${kind} ${metadata.name}`
const bySlot = (objects: readonly KubeObject[]): Slots =>
  new Map(objects.map((object) => [slotOf(object), object]))
const names = (slots: Slots): string[] => [...slots.keys()].toSorted()

const plannedOf = (plan: DeploymentPlan): Slots =>
  bySlot(plan.objects.map(({ manifest }) => parse(manifest) as KubeObject))

const labelOf = ({ metadata }: KubeObject, name: string): string | undefined =>
  (metadata['labels'] as Record<string, string> | undefined)?.[name]

interface Made {
  readonly namespace: string
  readonly planned: Slots
}

/** Asks for the plan, then deploys the very same. */
async function make({ template, answers }: ArbitraryForm, tenant: Tenant): Promise<Made> {
  const { templateId } = await aTemplate(world.db, { spec: template })
  const api = await world.as(tenant.userId)
  const form = { teamId: tenant.teamId, id: newId('dep'), templateId, ...answers } as CreateDeploymentInput
  const plan = await api.deployments.plan(form)
  expect(new Set(plan.objects.map(({ action }) => action))).toEqual(new Set(['create']))
  await api.deployments.create(form)
  return { namespace: plan.namespace, planned: plannedOf(plan) }
}

/** All objects of a kind in these namespaces, by one list. */
const findIn =
  (namespaces: ReadonlySet<string>): Finder =>
  async <T>(apiVersion: string, kind: string) => {
    const collection = await cluster.pathOf({ apiVersion, kind, metadata: {} })
    const all = collection.replace('/namespaces/default/', '/')
    const { items } = await cluster.get<{ items: KubeObject[] }>(all)
    return items
      .filter(({ metadata }) => namespaces.has(metadata.namespace ?? ''))
      .map((item) => ({ ...item, apiVersion, kind }) as T)
  }

/** Waits until there are as many objects as are planned, or more; answers all of them. */
async function untilMade(made: readonly Made[]): Promise<KubeObject[]> {
  const find = findIn(new Set(made.map(({ namespace }) => namespace)))
  const wanted = made.flatMap(({ planned }) => [...planned.values()])
  const isDeployment = ({ kind }: KubeObject): boolean => kind === 'Deployment'
  return eventually(PATIENCE_MS, async () => {
    // They come last, and those that need others wait for them.
    const deployments = await find('apps/v1', 'Deployment')
    if (deployments.length < wanted.filter(isDeployment).length) {
      await syncSecrets(cluster, find)
      await runPods(cluster, find)
    }
    const lists = Object.entries(MADE_VERSIONS).map(async ([kind, version]) =>
      find<KubeObject>(version, kind),
    )
    const found = (await Promise.all(lists)).flat().filter((object) => !isGuardRail(object))
    if (found.length < wanted.length) {
      const [missing] = wanted.map(slotOf).filter((slot) => !bySlot(found).has(slot))
      throw new Error(`There are ${found.length} of ${wanted.length} objects; ${missing} is not there.`)
    }
    return found
  })
}

/** What every namespace has, whoever deploys what; `kube-root-ca.crt` is the controller manager's. */
const isGuardRail = ({ metadata }: KubeObject): boolean =>
  metadata.name === 'shipyard-default-deny' || metadata.name === 'kube-root-ca.crt'

/**
 * An object as the API server would keep it, with its defaults, if it were made now. Tried in another namespace, where
 * nothing of the name is.
 */
async function withDefaults(planned: KubeObject, live: Slots): Promise<unknown> {
  const namespace = TRIAL_NAMESPACE
  const object = withAddresses({ ...planned, metadata: { ...planned.metadata, namespace } }, live)
  const path = await cluster.pathOf(object)
  const body = { type: 'application/json', content: JSON.stringify(object) }
  const answer = await cluster.call('POST', `${path}?dryRun=All&fieldManager=shipyard-operator`, body)
  return comparable(JSON.parse(answer) as KubeObject)
}

/** The plan cannot know what the cluster gives out: each service's own address stands where it says so. */
function withAddresses<T extends KubeObject>(object: T, live: Slots): T {
  const services = [...live.values()].filter(
    (each) =>
      each.kind === 'Service' && labelOf(each, LABELS.deployment) === labelOf(object, LABELS.deployment),
  ) as Live[]
  const addresses = new Map(
    services.map((service) => [labelOf(service, LABELS.service), service.spec?.clusterIP]),
  )
  return JSON.parse(
    JSON.stringify(object, (key, value: unknown) =>
      key === 'hostAliases'
        ? (value as { ip: string; hostnames: string[] }[]).map(({ ip, hostnames }) => ({
            ip: ip === '(given by the cluster)' ? addresses.get(hostnames[0]) : ip,
            hostnames,
          }))
        : value,
    ),
  ) as T
}

/** Given by the cluster, never asked for. */
const GIVEN_METADATA = [
  'namespace',
  'uid',
  'resourceVersion',
  'generation',
  'creationTimestamp',
  'managedFields',
  'ownerReferences',
]
/** Notes of controllers to themselves, the operator's about what it wrote last among them. */
const GIVEN_ANNOTATIONS =
  /^(deployment\.kubernetes\.io\/revision|pv\.kubernetes\.io\/|volume\.kubernetes\.io\/|scheduler\.opsnorth\.io\/applied)/

function comparable(object: KubeObject): unknown {
  const { metadata, status: _, ...rest } = structuredClone(object) as KubeObject & { status?: unknown }
  const { annotations = {}, ...known } = Object.fromEntries(
    Object.entries(metadata).filter(([key]) => !GIVEN_METADATA.includes(key)),
  ) as { annotations?: Record<string, string> }
  const asked = Object.entries(annotations).filter(([key]) => !GIVEN_ANNOTATIONS.test(key))
  const spec = rest['spec'] as Record<string, unknown> | undefined
  if (spec && object.kind === 'Service') for (const key of ['clusterIP', 'clusterIPs']) delete spec[key]
  return { ...rest, metadata: { ...known, annotations: Object.fromEntries(asked) } }
}

/** Each object of a namespace is what was shown, and there is no other. */
async function compare(made: readonly Made[], live: Slots): Promise<void> {
  const planned = made.flatMap((each) => [...each.planned])
  expect(names(live)).toEqual(names(new Map(planned)))
  for (const [slot, object] of planned) {
    expect(comparable(live.get(slot) as KubeObject), slot).toEqual(await withDefaults(object, live))
  }
}

const forms = arbitraryForm({
  images: [HELLO, 'ghcr.io/acme/web:1', `registry.example.com/db@${HELLO_DIGEST}`],
})

/** Some at the same time. */
async function forEach<T>(all: readonly T[], work: (one: T) => Promise<void>): Promise<void> {
  const waiting = [...all]
  const worker = async (): Promise<void> => {
    for (let one = waiting.pop(); one; one = waiting.pop()) await work(one)
  }
  await Promise.all(Array.from({ length: AT_ONCE }, worker))
}

const seed = inject('testSeed')

it(
  `makes exactly what the plan showed, for ${INPUTS} inputs (seed ${seed})`,
  { timeout: 600_000 },
  async () => {
    const tenants = await Promise.all(Array.from({ length: TENANTS }, async () => aTenant(world.db)))
    const made: Made[] = []
    await forEach([...fc.sample(forms, { numRuns: INPUTS, seed }).entries()], async ([index, input]) => {
      made.push(await make(input, tenants[index % TENANTS] as Tenant))
    })
    const live = await untilMade(made)
    const there = Map.groupBy(live, ({ metadata }) => metadata.namespace)
    const shown = [...Map.groupBy(made, ({ namespace }) => namespace)]
    expect(shown).toHaveLength(TENANTS)
    await forEach(shown, async ([name, plans]) => compare(plans, bySlot(there.get(name) ?? [])))
    // Every kind was among them that a form can ask for.
    const kinds = new Set(live.map(({ kind }) => kind))
    expect([...kinds].toSorted()).toEqual(Object.keys(MADE_VERSIONS).toSorted())
  },
)
