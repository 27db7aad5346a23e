import type { Component } from './component.ts'
import { containerd } from './components/containerd.ts'
import { kubeApiserver, kubeControllerManager, kubeScheduler } from './components/control-plane.ts'
import { coredns } from './components/coredns.ts'
import { etcd } from './components/etcd.ts'
import { externalSecrets } from './components/external-secrets.ts'
import { google } from './components/google.ts'
import { images } from './components/images.ts'
import { kubeProxy } from './components/kube-proxy.ts'
import { kubelet } from './components/kubelet.ts'
import { kwok } from './components/kwok.ts'
import { maildev } from './components/maildev.ts'
import { metricsServer } from './components/metrics-server.ts'
import { network } from './components/network.ts'
import { networkPolicy } from './components/network-policy.ts'
import { node } from './components/node.ts'
import { openbao } from './components/openbao.ts'
import { postgres } from './components/postgres.ts'
import { redis } from './components/redis.ts'
import { registry, registryPrivate } from './components/registry.ts'
import { storage } from './components/storage.ts'
import { stripe } from './components/stripe.ts'
import { stripeMock } from './components/stripe-mock.ts'
import { traefik } from './components/traefik.ts'
import type { Existing } from './existing.ts'
import { needsOf } from './order.ts'

/** In the order in which people see them. */
export const allComponents: readonly Component[] = [
  postgres,
  openbao,
  network,
  etcd,
  kubeApiserver,
  kubeControllerManager,
  kubeScheduler,
  registry,
  registryPrivate,
  images,
  node,
  containerd,
  networkPolicy,
  kubeProxy,
  kubelet,
  coredns,
  externalSecrets,
  traefik,
  metricsServer,
  storage,
  kwok,
  stripeMock,
  maildev,
  google,
  stripe,
  redis,
]

/** Components that exist only where a real node can run. */
const onlyWithNode = [node, containerd, networkPolicy, kubeProxy, kubelet, coredns, metricsServer, storage]

/** With somebody else's cluster, its own Traefik and External Secrets Operator are used, and no node of ours. */
const outsideCluster = [postgres, openbao, stripeMock, maildev, google, stripe, redis]

/** Components that run only where they are named: sessions are in PostgreSQL unless somebody wants otherwise. */
const onlyWhenNamed = [redis]

export function replacedBy(existing: Existing): string[] {
  const ofCluster = allComponents.filter((each) => !outsideCluster.includes(each)).map((each) => each.name)
  return [
    ...(existing.databaseDsn ? [postgres.name] : []),
    ...(existing.vault ? [openbao.name] : []),
    ...(existing.google ? [google.name] : []),
    ...(existing.stripe ? [stripe.name] : []),
    ...(existing.kubeconfig ? ofCluster : []),
  ]
}

/**
 * The components to run: those named, with all that they need.
 * @param wanted default: all but those that run only when named.
 * @param existing parts outside; the components that do their work are left out.
 * @param apps what runs on the stack, offered like a part of it
 * @throws when a name is not that of a component.
 */
export function selectComponents(options: {
  readonly canRunNode: boolean
  readonly wanted?: readonly string[]
  readonly existing?: Existing
  readonly apps?: readonly Component[]
}): Component[] {
  const { canRunNode, wanted, apps = [] } = options
  const replaced = replacedBy(options.existing ?? {})
  const offered = [...allComponents, ...apps].filter((each) => canRunNode || !onlyWithNode.includes(each))
  const byName = new Map(offered.map((each) => [each.name, each]))
  const chosen = new Set<string>()
  const choose = (name: string): void => {
    if (chosen.has(name) || replaced.includes(name)) return
    const component = byName.get(name)
    if (!component)
      throw new Error(`There is no component ${name}: choose from ${[...byName.keys()].join(', ')}.`)
    chosen.add(name)
    for (const need of needsOf(component)) choose(need)
  }
  const usual = offered.filter((each) => !onlyWhenNamed.includes(each)).map((each) => each.name)
  for (const name of wanted ?? usual) choose(name)
  const running = offered.filter((each) => chosen.has(each.name))
  return running.map((each) => withBefore(withoutNeeds(each, replaced), running))
}

function withBefore(component: Component, running: readonly Component[]): Component {
  const earlier = running.filter(({ before }) => before?.includes(component.name)).map(({ name }) => name)
  return { ...component, needs: [...component.needs, ...earlier] }
}

function withoutNeeds(component: Component, replaced: readonly string[]): Component {
  return { ...component, needs: component.needs.filter((need) => !replaced.includes(need)) }
}
