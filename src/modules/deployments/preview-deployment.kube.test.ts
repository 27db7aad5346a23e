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
  childrenOf,
  installOperator,
  MADE_VERSIONS,
  startOperator,
  takeTurn,
  TURN_TIMEOUT_MS,
  type RunningOperator,
} from '../../../e2e/fixtures/operator.ts'
import { runPods, syncSecrets } from '../../../e2e/fixtures/stand-ins.ts'
import { LABELS } from '../../contract/crd/meta.ts'
import { newId, type DeploymentId } from '../../contract/ids.ts'
import type { Namespace } from '../../contract/names.ts'
import { arbitraryForm, type ArbitraryForm } from '../../contract/testing/arbitrary-form.ts'
import { createKube } from '../../ports/kube/kubernetes.ts'
import { aTemplate, aTenant } from '../../testing/builders.ts'
import { HELLO, HELLO_DIGEST, useWorld, type Api } from '../../testing/world.ts'
import { nameOf } from './name-of.ts'
import type { CreateDeploymentInput, DeploymentPlan } from './schema.ts'

const INPUTS = 200
const AT_ONCE = 10
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

interface Made {
  readonly plan: DeploymentPlan
  readonly namespace: Namespace
  /** Everything of these kinds in the namespace but its guard rails. */
  live(): Promise<Slots>
  /** All that is planned is there, and nothing else. */
  untilAs(planned: Slots): Promise<Slots>
  readonly api: Api
  readonly form: CreateDeploymentInput
}

/** Asks for the plan, then deploys the very same. */
async function make({ template, answers }: ArbitraryForm): Promise<Made> {
  const tenant = await aTenant(world.db)
  const { templateId } = await aTemplate(world.db, { spec: template })
  const api = await world.as(tenant.userId)
  const form = { teamId: tenant.teamId, id: newId('dep'), templateId, ...answers } as CreateDeploymentInput
  const plan = await api.deployments.plan(form)
  await api.deployments.create(form)
  const namespace = plan.namespace as Namespace
  const name = nameOf(form.id as DeploymentId)
  const children = async <T>(apiVersion: string, kind: string): Promise<T[]> =>
    childrenOf<T>(cluster, { namespace, name }, { apiVersion, kind })

  const live = async (): Promise<Slots> => {
    const lists = Object.entries(MADE_VERSIONS).map(async ([kind, apiVersion]) => {
      const path = await cluster.pathOf({ apiVersion, kind, metadata: { namespace } })
      const { items } = await cluster.get<{ items: KubeObject[] }>(path)
      return items.map((item) => ({ ...item, apiVersion, kind })).filter((item) => !isGuardRail(item))
    })
    return bySlot((await Promise.all(lists)).flat())
  }
  const untilAs = async (planned: Slots): Promise<Slots> =>
    eventually(60_000, async () => {
      // They come last, and those that need others wait for them.
      const deployments = await children('apps/v1', 'Deployment')
      if (deployments.length < names(planned).filter((slot) => slot.startsWith('Deployment ')).length) {
        await syncSecrets(cluster, { namespace, children })
        await runPods(cluster, { namespace, children })
        throw new Error(`There are ${deployments.length} Deployments of ${names(planned).join(', ')}.`)
      }
      const there = await live()
      expect(names(there)).toEqual(names(planned))
      return there
    })
  return { plan, namespace, live, untilAs, api, form }
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
  const services = [...live.values()].filter(({ kind }) => kind === 'Service') as Live[]
  const addresses = new Map(
    services.map(({ metadata, spec }) => [
      (metadata['labels'] as Record<string, string>)[LABELS.service],
      spec?.clusterIP,
    ]),
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

/** Each object is what was shown, and belongs to the deployment unless it is to outlive it. */
async function compare(planned: Slots, live: Slots): Promise<void> {
  for (const [slot, object] of planned) {
    const made = live.get(slot) as KubeObject
    expect(comparable(made), slot).toEqual(await withDefaults(object, live))
  }
}

const forms = arbitraryForm({
  images: [HELLO, 'ghcr.io/acme/web:1', `registry.example.com/db@${HELLO_DIGEST}`],
})

it(`makes exactly what the plan showed, for ${INPUTS} inputs`, { timeout: 300_000 }, async () => {
  const seed = Math.trunc(performance.timeOrigin) % 2 ** 31
  const inputs = fc.sample(forms, { numRuns: INPUTS, seed })
  const kinds = new Map<string, number>()
  const worker = async (): Promise<void> => {
    for (let input = inputs.pop(); input; input = inputs.pop()) {
      const made = await make(input)
      expect(new Set(made.plan.objects.map(({ action }) => action))).toEqual(new Set(['create']))
      const planned = plannedOf(made.plan)
      await compare(planned, await made.untilAs(planned))
      for (const { kind } of planned.values()) kinds.set(kind, (kinds.get(kind) ?? 0) + 1)
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, worker)).catch((error: Error) => {
    throw new Error(`seed ${seed}: ${error.message}`, { cause: error })
  })
  // Every kind was among them.
  expect([...kinds.keys()].toSorted()).toEqual(Object.keys(MADE_VERSIONS).toSorted())
})
