import { getObject } from '../../src/kubernetes/apply.ts'
import type { Clock } from '../../src/kubernetes/clock.ts'
import type { KubeObject } from '../../src/kubernetes/object.ts'
import { resourcePath } from '../../src/kubernetes/path.ts'
import { RESOURCES } from '../../src/kubernetes/resources.ts'
import type { Transport } from '../../src/kubernetes/transport-types.ts'

/** Who holds a Lease; times are for people, nothing is decided by them. */
export interface LeaseRecord {
  /** Empty when it was given back. */
  holder: string
  durationMs: number
  acquiredAt: Date
  renewedAt: Date
  /** How often it went from one holder to another. */
  transitions: number
}

export interface StoredLease {
  record: LeaseRecord
  /** Every write has to name the version that it replaces: of two writers one fails. */
  version: string
}

/** Where a Lease is kept. A write on a version that is not the stored one throws (409), as does a second create. */
export interface LeaseStore {
  get(signal: AbortSignal): Promise<StoredLease | undefined>
  create(record: LeaseRecord, signal: AbortSignal): Promise<StoredLease>
  update(record: LeaseRecord, version: string, signal: AbortSignal): Promise<StoredLease>
}

/** https://kubernetes.io/docs/reference/kubernetes-api/cluster-resources/lease-v1/ */
interface LeaseObject extends KubeObject {
  spec?: {
    holderIdentity?: string
    leaseDurationSeconds?: number
    acquireTime?: string
    renewTime?: string
    leaseTransitions?: number
  }
}

interface LeaseName {
  namespace: string
  name: string
}

/** A Lease object in the cluster. */
export function kubeLease(transport: Transport, { namespace, name }: LeaseName, clock: Clock): LeaseStore {
  const collection = resourcePath({ ...RESOURCES.Lease, namespace })
  const path = resourcePath({ ...RESOURCES.Lease, namespace, name })
  const bodyOf = (record: LeaseRecord, resourceVersion?: string): LeaseObject => ({
    apiVersion: RESOURCES.Lease.apiVersion,
    kind: 'Lease',
    metadata: { name, namespace, ...(resourceVersion === undefined ? {} : { resourceVersion }) },
    spec: {
      holderIdentity: record.holder,
      leaseDurationSeconds: Math.max(1, Math.round(record.durationMs / 1000)),
      acquireTime: microTime(record.acquiredAt),
      renewTime: microTime(record.renewedAt),
      leaseTransitions: record.transitions,
    },
  })
  const stored = (lease: LeaseObject): StoredLease => ({
    version: lease.metadata.resourceVersion ?? '',
    record: {
      holder: lease.spec?.holderIdentity ?? '',
      durationMs: (lease.spec?.leaseDurationSeconds ?? 0) * 1000,
      acquiredAt: timeOf(lease.spec?.acquireTime, clock),
      renewedAt: timeOf(lease.spec?.renewTime, clock),
      transitions: lease.spec?.leaseTransitions ?? 0,
    },
  })
  return {
    async get(signal) {
      const lease = await getObject<LeaseObject>(transport, RESOURCES.Lease, { namespace, name, signal })
      return lease && stored(lease)
    },
    async create(record, signal) {
      const body = bodyOf(record)
      return stored(await transport.request<LeaseObject>({ method: 'POST', path: collection, body, signal }))
    },
    async update(record, version, signal) {
      const body = bodyOf(record, version)
      return stored(await transport.request<LeaseObject>({ method: 'PUT', path, body, signal }))
    },
  }
}

/** RFC 3339 with microseconds, which is what the API wants for these two. */
function microTime(date: Date): string {
  return date.toISOString().replace('Z', '000Z')
}

function timeOf(text: string | undefined, clock: Clock): Date {
  return text === undefined ? clock.now() : new Date(text)
}
