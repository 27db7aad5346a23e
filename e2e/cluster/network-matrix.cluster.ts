/** Real packets against the table of who may reach whom, and against the evaluator that judges 50 namespaces by it. */
import { afterAll, beforeAll, expect, inject, it } from 'vitest'

import type { NetworkPolicyManifest } from '../../operator/user-deployment/desired/network-policy.ts'
import { evaluatorOf, type Packet, type Party } from '../../operator/testing/policy-evaluator.ts'
import { ELSEWHERE, mayLeaveFor, mayMeet, mayVisit } from '../../operator/testing/reach.ts'
import { skipUnless } from '../../src/testing/levels.ts'
import {
  eventually,
  exec,
  openCluster,
  restrictedNamespace,
  stackEnv,
  throughTraefik,
} from '../fixtures/cluster.ts'
import { shellPod } from '../fixtures/hello-manifests.ts'
import * as matrix from '../fixtures/network-matrix.ts'
import { giveNodes } from '../fixtures/nodes.ts'
import {
  createTenant,
  installOperator,
  startOperator,
  type RunningOperator,
  type Tenant,
} from '../fixtures/operator.ts'
import { openOutside, type Outside } from '../fixtures/outside.ts'
import { openFrom, opensFromMachine } from '../fixtures/packets.ts'

const STRANGERS = 'matrix-strangers'
const { PORT, SIDE_PORT, keyOf } = matrix

skipUnless(inject('whyNoNode') === '', inject('whyNoNode'), () => {
  const cluster = openCluster()
  const control = { namespace: STRANGERS, name: 'control' }
  let operator: RunningOperator
  let outside: Outside
  let tenants: [Tenant, Tenant]
  let pods: matrix.MatrixPod[]
  let places: matrix.Place[]
  let stranger: Party
  let passes: (packet: Packet) => boolean

  beforeAll(async () => {
    await installOperator(cluster)
    operator = await startOperator()
    outside = await openOutside([matrix.PUBLIC, matrix.NAMED, matrix.METADATA], [80, PORT, SIDE_PORT])
    await cluster.apply(restrictedNamespace(STRANGERS), shellPod(STRANGERS, control.name))
    tenants = [await createTenant(cluster), await createTenant(cluster, 'enterprise')]
    pods = await matrix.deployMatrix(cluster, tenants)
    stranger = await matrix.partyOf(cluster, STRANGERS, control.name)
    await eventually(60_000, async () => exec(control, ['/bin/httpd', '-p', String(PORT)]))
    places = await matrix.placesToTry(cluster, stranger)
    const { items } = await cluster.get<{ items: NetworkPolicyManifest[] }>(
      '/apis/networking.k8s.io/v1/networkpolicies',
    )
    passes = evaluatorOf({ namespaces: await matrix.namespacesOf(cluster), policies: items })
  })
  afterAll(async () => {
    await giveNodes(cluster, { to: undefined })
    for (const name of [STRANGERS, ...tenants.map(({ namespace }) => namespace)])
      await cluster.delete(`/api/v1/namespaces/${name}`)
    await outside.stop()
    await operator.stop()
    await cluster.close()
  })

  /** What is open that must not be fails at once; what must be open and is not yet is tried again. */
  async function expectOpen(
    pod: { namespace: string; name: string },
    targets: readonly matrix.Place['target'][],
    expected: readonly string[],
  ): Promise<void> {
    let unwanted: string[] = []
    await eventually(30_000, async () => {
      const open = await openFrom(pod, targets)
      unwanted = [...open].filter((key) => !expected.includes(key))
      if (unwanted.length > 0) return
      expect([...open].toSorted()).toEqual(expected.toSorted())
    })
    expect(unwanted, `open from ${pod.name}`).toEqual([])
  }

  it('has something that answers at every place, so that a refusal is one by policy', async () => {
    expect(new Set(places.map(({ place }) => place))).toEqual(new Set(ELSEWHERE))
    const targets = places.map(({ target }) => target)
    await expectOpen(
      control,
      targets,
      targets.map(({ key }) => key),
    )
  })

  it('opens and shuts between all pods of two tenants as the contract says', async () => {
    const targets = pods.map((pod) => ({ key: keyOf(pod), address: pod.party.address, port: PORT }))
    await Promise.all(
      pods.map(async (from) => {
        const expected = pods.filter((to) => mayMeet(from, to))
        await expectOpen(from, targets, expected.map(keyOf))
        const evaluated = pods.filter((to) => passes({ from: from.party, to: to.party, port: PORT }))
        expect(evaluated.map(keyOf)).toEqual(expected.map(keyOf))
      }),
    )
  })

  it('lets pods leave for nothing but what the contract says', async () => {
    await Promise.all(
      pods.map(async (from) => {
        const names = (place: matrix.Place['place']): boolean => mayLeaveFor(place, from.internet)
        const expected = places.filter(({ place }) => names(place))
        await expectOpen(
          from,
          places.map(({ target }) => target),
          expected.map(({ target }) => target.key),
        )
        const evaluated = places.filter(({ packet }) => passes({ from: from.party, ...packet }))
        expect(evaluated, keyOf(from)).toEqual(expected)
      }),
    )
  })

  it('lets nobody of another namespace in', async () => {
    const ports = [PORT, SIDE_PORT]
    const targets = pods.flatMap((pod) =>
      ports.map((port) => ({ key: `${keyOf(pod)}-${port}`, address: pod.party.address, port })),
    )
    const expected = pods.filter(({ isPublic }) =>
      mayVisit('a pod of no tenant', { isPublic, isIngressPort: true }),
    )
    expect(targets).toHaveLength(2 * pods.length)
    await expectOpen(control, targets, expected.map(keyOf))
  })

  it('lets the ingress controller in where an ingress leads, and nowhere else', async () => {
    const [address = ''] = stackEnv('INGRESS_FROM').split('/')
    await Promise.all(
      pods.flatMap((pod) =>
        [PORT, SIDE_PORT].map(async (port) => {
          const isIngressPort = pod.service === 'web' && port === PORT
          const wanted = mayVisit('the ingress controller', { isPublic: pod.isPublic, isIngressPort })
          expect(passes({ from: { address }, to: pod.party, port })).toBe(wanted)
          expect(await opensFromMachine(pod.party.address, port), `${keyOf(pod)}:${port}`).toBe(wanted)
        }),
      ),
    )
    for (const { deployment } of pods.filter(({ service, isPublic }) => isPublic && service === 'web')) {
      expect(await throughTraefik(`${deployment}.apps.localhost`)).toMatchObject({
        status: 200,
        body: 'web\n',
      })
    }
  })
})
