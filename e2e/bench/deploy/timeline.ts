/** When what happened to one deployment, as a watch of the cluster hears of it. */
import { setTimeout as sleep } from 'node:timers/promises'
import { request } from 'undici'

import { LABELS } from '../../../src/contract/crd/meta.ts'
import type { KubeObject } from '../../../src/kubernetes/object.ts'
import { createReflector } from '../../../src/kubernetes/reflector.ts'
import type { Reflector } from '../../../src/kubernetes/reflector-types.ts'
import { RESOURCES } from '../../../src/kubernetes/resources.ts'
import type { Transport } from '../../../src/kubernetes/transport-types.ts'

/** Milliseconds since the beginning of the attempt. */
export interface Timeline {
  /** Whoever was asked has answered: `deployments.create`, or kubectl. */
  readonly answered: number
  /** The custom resource is there; nothing where there is none. */
  readonly resource: number | undefined
  /** The last of all objects is there. */
  readonly objects: number
  readonly podsScheduled: number
  readonly podsStarted: number
  readonly podsReady: number
  /** The app answers through Traefik. */
  readonly firstAnswer: number
}

const MADE = ['NetworkPolicy', 'ExternalSecret', 'ConfigMap', 'Service', 'Ingress', 'Deployment'] as const
const POLL_MS = 10
const DEADLINE_MS = 120_000

interface Pod extends KubeObject {
  readonly status?: {
    readonly conditions?: readonly { type: string; status: string }[]
    readonly containerStatuses?: readonly { started?: boolean }[]
  }
}

export interface Watcher {
  /** Measures one attempt from `begin` to the first answer of its app. */
  measure(attempt: Attempt): Promise<Timeline>
  /** Until nothing of a deployment is left. */
  untilGone(name: string): Promise<void>
  stop(): Promise<void>
}

interface Attempt {
  readonly name: string
  /** By which Traefik knows it. */
  readonly host: string
  /** How many will be there. */
  readonly pods: number
  readonly begin: () => Promise<unknown>
}

interface Places {
  readonly transport: Transport
  /** Of Traefik. */
  readonly httpPort: string
}

interface Followed {
  readonly made: readonly Reflector[]
  readonly resources: Reflector
  readonly pods: Reflector<Pod>
}

/** Follows all kinds that a deployment consists of. */
export async function watchDeployments({ transport, httpPort }: Places): Promise<Watcher> {
  const follow = <T extends KubeObject>(kind: keyof typeof RESOURCES): Reflector<T> =>
    createReflector<T>({ transport, resource: RESOURCES[kind], trim: (object) => object })
  const followed = {
    made: MADE.map((kind) => follow(kind)),
    resources: follow('UserDeployment'),
    pods: follow<Pod>('Pod'),
  }
  const all = [...followed.made, followed.resources, followed.pods]
  for (const reflector of all) reflector.start()
  await Promise.all(all.map(async (reflector) => reflector.untilSynced()))
  return {
    measure: async (attempt) => measure(followed, attempt, httpPort),
    async untilGone(name) {
      const until = performance.now() + DEADLINE_MS
      while (isThere(followed, name)) {
        if (performance.now() > until) throw new Error(`The deployment ${name} does not go away.`)
        await sleep(100)
      }
    },
    stop: async () => void (await Promise.all(all.map(async (reflector) => reflector.stop()))),
  }
}

type Mark = keyof Timeline

async function measure(followed: Followed, attempt: Attempt, httpPort: string): Promise<Timeline> {
  const startedAt = performance.now()
  const marks = new Map<Mark, number>()
  const set = (mark: Mark): void => void marks.set(mark, performance.now() - startedAt)
  const once = (mark: Mark): void => void (marks.has(mark) || set(mark))
  const ends = watch(followed, attempt, { set, once })
  try {
    const begun = attempt.begin().then(() => once('answered'))
    await Promise.all([begun, untilAnswers(attempt.host, httpPort).then(() => once('firstAnswer'))])
  } finally {
    for (const end of ends) end()
  }
  const at = (mark: Mark): number => marks.get(mark) ?? Number.NaN
  return {
    answered: at('answered'),
    resource: marks.get('resource'),
    objects: at('objects'),
    podsScheduled: at('podsScheduled'),
    podsStarted: at('podsStarted'),
    podsReady: at('podsReady'),
    firstAnswer: at('firstAnswer'),
  }
}

interface Marking {
  readonly set: (mark: Mark) => void
  readonly once: (mark: Mark) => void
}

/** @returns how to end each of the watches */
function watch(
  { made, resources, pods }: Followed,
  { name, pods: wanted }: Attempt,
  { set, once }: Marking,
): (() => void)[] {
  const podsThat = (test: (pod: Pod) => boolean): boolean =>
    [...pods.store.values()].filter((pod) => belongsTo(name, pod) && test(pod)).length >= wanted
  return [
    ...made.map((reflector) =>
      reflector.onChange(({ type, object }) => {
        if (type === 'added' && belongsTo(name, object)) set('objects')
      }),
    ),
    resources.onChange(({ object }) => {
      if (object.metadata.name === name) once('resource')
    }),
    pods.onChange(() => {
      if (podsThat(has('PodScheduled'))) once('podsScheduled')
      if (podsThat(hasStarted)) once('podsStarted')
      if (podsThat(has('Ready'))) once('podsReady')
    }),
  ]
}

const belongsTo = (name: string, { metadata }: KubeObject): boolean =>
  metadata.labels?.[LABELS.deployment] === name

const isThere = ({ made, resources, pods }: Followed, name: string): boolean =>
  [...resources.store.values()].some(({ metadata }) => metadata.name === name) ||
  [...made, pods].some(({ store }) => [...store.values()].some((object) => belongsTo(name, object)))

const has =
  (type: string) =>
  ({ status }: Pod): boolean =>
    status?.conditions?.some((each) => each.type === type && each.status === 'True') ?? false

const hasStarted = ({ status }: Pod): boolean =>
  (status?.containerStatuses?.length ?? 0) > 0 &&
  (status?.containerStatuses?.every(({ started }) => started === true) ?? false)

async function untilAnswers(host: string, port: string): Promise<void> {
  const until = performance.now() + DEADLINE_MS
  for (;;) {
    const status = await request(`http://127.0.0.1:${port}/`, {
      headers: { host },
      headersTimeout: 2_000,
    }).then(
      async ({ statusCode, body }) => body.dump().then(() => statusCode),
      () => 0, // Traefik knows the pods of a moment ago, or none
    )
    if (status === 200) return
    if (performance.now() > until) throw new Error(`${host} does not answer: ${status}`)
    await sleep(POLL_MS)
  }
}
