/** What is decided on the essence of objects is what is decided on the whole of them. */
import { expect, it } from 'vitest'

import { UserDeployment } from '../../src/contract/crd/user-deployment.ts'
import type { KubeObject } from '../runtime/cluster.ts'
import type { MemoryCache } from '../testing/memory-cache.ts'
import { MemoryOperator } from '../testing/memory-operator.ts'
import { putNamespace, putResource } from '../testing/populate.ts'
import { testSettings } from '../testing/resources.ts'
import { SCENARIOS } from '../testing/scenarios.ts'
import { declareCaches, MADE_KINDS, type Caches } from './caches.ts'
import { findHolds, findObstacle, findTroubles } from './checks.ts'
import { ingressFinding } from './checks/route.ts'
import { considerBeside } from './considered.ts'
import { ESSENCES, trimPod, trimReplicaSet } from './kept.ts'
import { observe } from './observe.ts'
import { planChanges } from './plan.ts'
import { referencesOf } from './references.ts'
import { judge } from './status.ts'

const settings = testSettings()

it.each(SCENARIOS)('decides the same on essences: $name', async ({ resource }) => {
  const operator = new MemoryOperator(settings)
  putNamespace(operator.cluster, resource)
  putResource(operator.cluster, resource)
  await operator.settle()
  const [whole, slim] = [declareCaches(operator.cluster), declareCaches(operator.cluster)]
  operator.cluster.deliver()
  let count = 0
  for (const kind of MADE_KINDS) {
    const cache = slim.made[kind] as MemoryCache<KubeObject>
    for (const object of [...cache.values()]) {
      cache.agree({ live: object, wanted: object, hash: 'hash' })
      count++
    }
  }
  expect(count).toBeGreaterThan(0)
  expect(decided(slim)).toEqual(decided(whole))

  function decided(caches: Caches): unknown {
    const raw = caches.resources.get(resource.metadata)
    if (!raw) throw new Error('it was put there')
    const observed = observe(caches, { raw, resource: UserDeployment.parse(raw), settings })
    const considered = considerBeside(observed, settings)
    const { facts, places } = considered
    const holds = findHolds(considered)
    const troubles = findTroubles(considered, holds)
    // One that is not wanted any more leaves behind what its pods still need.
    const { apply, prune } = planChanges({ ...considered, places: places.slice(0, 1), holds })
    return {
      facts,
      desired: places.map(({ wanted }) => wanted),
      obstacle: findObstacle(considered),
      troubles,
      references: referencesOf(observed),
      applied: apply.map(({ wanted }) => wanted),
      pruned: prune.map(({ kind, metadata }) => [
        kind,
        metadata.name,
        metadata.uid,
        metadata.resourceVersion,
      ]),
      ingress: ingressFinding(considered),
      verdict: judge({
        observed,
        settings,
        facts,
        finding: undefined,
        troubles,
        isObstacle: false,
        now: new Date(0),
      }),
    }
  }
})

const metadata = { name: 'a', namespace: 'ns', uid: 'u' }

it('keeps of a Deployment how its rollout goes, and what its pods refer to and know', () => {
  const secretKeyRef = { name: 's', key: 'k', optional: false }
  const spec = {
    replicas: 2,
    selector: {},
    template: {
      metadata: { labels: {} },
      spec: {
        hostAliases: [{ ip: '10.0.0.1', hostnames: ['api'] }],
        imagePullSecrets: [{ name: 'p' }],
        containers: [
          {
            name: 'a',
            image: 'x',
            env: [
              { name: 'K', valueFrom: { secretKeyRef } },
              { name: 'L', value: '' },
            ],
          },
        ],
        volumes: [
          { name: 'v', configMap: { name: 'c' } },
          { name: 'w', emptyDir: {} },
        ],
      },
    },
  }
  const conditions = [
    { type: 'Progressing', status: 'False', reason: 'ProgressDeadlineExceeded', lastUpdateTime: 'then' },
  ]
  const status = { replicas: 2, readyReplicas: 1, terminatingReplicas: 1, conditions }
  const annotations = { 'deployment.kubernetes.io/revision': '7' }
  const marked = { ...metadata, annotations: { ...annotations, other: 'annotation' } }
  const object = { apiVersion: 'apps/v1', kind: 'Deployment', metadata: marked, spec, status }
  const references = {
    containers: [{ env: [{ valueFrom: { secretKeyRef: { name: 's' } } }] }],
    volumes: [{ configMap: { name: 'c' } }],
    imagePullSecrets: [{ name: 'p' }],
  }
  expect(ESSENCES.Deployment(object)).toStrictEqual({
    metadata: { annotations },
    spec: { replicas: 2, template: { spec: { ...references, hostAliases: spec.template.spec.hostAliases } } },
    status: {
      replicas: 2,
      readyReplicas: 1,
      conditions: [{ type: 'Progressing', status: 'False', reason: 'ProgressDeadlineExceeded' }],
    },
  })
  expect(trimReplicaSet({ ...object, kind: 'ReplicaSet' })).toStrictEqual({
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: { ...metadata, annotations },
    spec: { replicas: 2, template: { spec: references } },
  })
})

it('keeps of a pod how it fares and what it asks for', () => {
  const labels = { 'app.kubernetes.io/managed-by': 'shipyard', 'pod-template-hash': '5d8f7' }
  const requests = { cpu: '1', memory: '2Mi' }
  const state = { waiting: { reason: 'ErrImagePull', message: 'not found' } }
  const condition = { type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message: 'no room' }
  const containerStatus = { name: 'web', ready: false, restartCount: 3, state, lastState: {} }
  const pod = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { ...metadata, labels: { ...labels, other: 'label' } },
    spec: { nodeName: 'n', containers: [{ name: 'web', resources: { requests, limits: requests } }] },
    status: {
      phase: 'Pending',
      podIP: '10.0.0.1',
      conditions: [
        { ...condition, lastProbeTime: 'then' },
        { type: 'Initialized', status: 'True' },
      ],
      containerStatuses: [{ ...containerStatus, imageID: 'x' }],
    },
  }
  expect(trimPod(pod)).toStrictEqual({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { ...metadata, labels },
    spec: { containers: [{ resources: { requests } }] },
    status: { phase: 'Pending', conditions: [condition], containerStatuses: [containerStatus] },
  })
})
