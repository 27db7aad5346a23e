import { join } from 'node:path'
import type { Ledger } from './ledger.ts'
import type { Machine } from './machine.ts'
import type { Existing } from './existing.ts'

/**
 * Where one stack lives on the machine: its folder, its ports, its addresses, its names. Everything in it
 * follows from the folder and the slot, a small number that only one live stack of the machine holds, so
 * that stacks side by side never meet.
 */
export interface Site {
  readonly folder: string
  /** 0 to 99. */
  readonly slot: number
  /** `shipyard-<slot>`: the node's name, its cgroup's and, in short, its links'. */
  readonly name: string
  readonly ports: Readonly<Record<PortName, number>>
  readonly net: Addresses
  readonly links: { readonly bridge: string; readonly host: string; readonly node: string }
  readonly machine: Machine
  /** Parts that are used instead of the stack's own. */
  readonly existing: Existing
  /** Whatever handles secrets writes all that it can into its log. */
  readonly isVerbose: boolean
  readonly ledger: Ledger
}

export interface Addresses {
  /** The machine's side of the stack's own link; the API server and the registries answer here too. */
  readonly host: string
  /** The node's side. */
  readonly node: string
  readonly linkPrefix: number
  readonly pods: string
  readonly services: string
  /** The Service `kubernetes`. */
  readonly apiService: string
  readonly dnsService: string
}

const portNames = [
  'control',
  'postgres',
  'openbao',
  'openbao-cluster',
  'etcd',
  'etcd-peer',
  'kube-apiserver',
  'kube-controller-manager',
  'kube-scheduler',
  'registry',
  'registry-private',
  'metrics-server',
  'external-secrets-metrics',
  'traefik-http',
  'traefik-https',
  'traefik-admin',
  'kwok',
  'stripe-mock',
  'stripe-mock-https',
  'shipyard-server',
  'shipyard-operator-health',
  'shipyard-operator-metrics',
  'maildev-smtp',
  'maildev-web',
  'google',
  'redis',
  'stripe',
] as const

export type PortName = (typeof portNames)[number]

export const slotCount = 100
const firstPort = 20_000
const portsPerSlot = 40

/**
 * Ports lie between 20,000 and 24,000: under the range from which Linux takes the ports of outgoing
 * connections (32,768 and up), so that a port found free stays free.
 */
export function portsOfSlot(slot: number): Record<PortName, number> {
  const base = firstPort + slot * portsPerSlot
  return Object.fromEntries(portNames.map((name, index) => [name, base + index])) as Record<PortName, number>
}

/** 10.(100 + slot).0.0/16, cut into pods (lower half), Services and the link. */
export function addressesOfSlot(slot: number): Addresses {
  const net = `10.${100 + slot}`
  return {
    host: `${net}.192.1`,
    node: `${net}.192.2`,
    linkPrefix: 29,
    pods: `${net}.0.0/17`,
    services: `${net}.128.0/18`,
    apiService: `${net}.128.1`,
    dnsService: `${net}.128.10`,
  }
}

/** Names of links: at most 15 characters, the kernel's limit. */
export function linksOfSlot(slot: number): Site['links'] {
  return { bridge: `shipyard${slot}`, host: `shipyard${slot}-h`, node: `shipyard${slot}-n` }
}

/** All that follows from a folder and a slot. */
export function siteOf(
  given: Pick<Site, 'folder' | 'slot' | 'machine' | 'ledger' | 'ports' | 'existing'> &
    Partial<Pick<Site, 'isVerbose'>>,
): Site {
  const { slot, isVerbose = false } = given
  return {
    ...given,
    isVerbose,
    name: `shipyard-${slot}`,
    net: addressesOfSlot(slot),
    links: linksOfSlot(slot),
  }
}

/** Address at which the API server answers: on the stack's own link where there is a node, else loopback. */
export function apiAddress(site: Site): string {
  return site.machine.canRunNode ? site.net.host : '127.0.0.1'
}

export const paths = {
  logs: (site: Site): string => join(site.folder, 'logs'),
  log: (site: Site, component: string): string => join(site.folder, 'logs', `${component}.log`),
  pki: (site: Site, file: string): string => join(site.folder, 'pki', file),
  kubeconfig: (site: Site, user: string): string => join(site.folder, 'kubeconfig', `${user}.yaml`),
  data: (site: Site, component: string): string => join(site.folder, 'data', component),
  config: (site: Site, file: string): string => join(site.folder, 'config', file),
  secret: (site: Site, file: string): string => join(site.folder, 'secrets', file),
  node: (site: Site, part: string): string => join(site.folder, 'node', part),
} as const
