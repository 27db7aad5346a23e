import { expect, it } from 'vitest'

import type { Consumption } from '../../src/contract/crd/consumption.ts'
import type { UserDeployment } from '../../src/contract/crd/user-deployment.ts'
import { anObserved, aService, liveMap } from '../testing/observed.ts'
import { aResource } from '../testing/resources.ts'
import { consumptionOf, endedConsumption } from './consumption.ts'
import type { LiveClaim, LivePod, Observed } from './observed.ts'

const START = new Date('2030-01-01T12:00:00.500Z')
const later = (seconds: number): Date => new Date(START.getTime() + seconds * 1000)

const aPod = (phase: string, metadata: Partial<LivePod['metadata']> = {}): LivePod => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'abcdefghij-web-1', ...metadata },
  spec: {
    containers: [
      { resources: { requests: { cpu: '100m', memory: '128Mi' } } },
      { resources: { requests: { cpu: '1.5', memory: '100M' } } },
      {},
    ],
  },
  status: { phase },
})

const aClaim = (name: string, phase: string): LiveClaim => ({
  apiVersion: 'v1',
  kind: 'PersistentVolumeClaim',
  metadata: { name },
  spec: { resources: { requests: { storage: '5Gi' } } },
  status: { phase },
})

const seen = (pods: LivePod[], claims: LiveClaim[] = [], resource = aResource()): Observed =>
  anObserved(resource, { services: new Map([['web', aService({ pods })]]), live: liveMap(...claims) })

it('is what running pods ask for, and volumes that are bound', () => {
  const observed = seen([aPod('Running'), aPod('Running')], [aClaim('a', 'Bound'), aClaim('b', 'Pending')])
  expect(consumptionOf(observed, START)?.steps).toEqual([
    { at: '2030-01-01T12:00:00Z', cpu: 3200, memory: 446, storage: 5120 },
  ])
})

it.each([
  { what: 'waits', pod: aPod('Pending') },
  { what: 'has ended', pod: aPod('Succeeded') },
  { what: 'has failed', pod: aPod('Failed') },
  { what: 'is told to go', pod: aPod('Running', { deletionTimestamp: '2030-01-01T11:59:59Z' }) },
])('counts no pod that $what', ({ pod }) => {
  expect(consumptionOf(seen([pod]), START)).toBeUndefined()
  expect(consumptionOf(seen([pod, aPod('Running')]), START)?.steps[0]?.cpu).toBe(1600)
})

const after = (consumption: Consumption | undefined, metadata = {}): UserDeployment => ({
  ...aResource({}, metadata),
  status: { phase: 'Ready', conditions: [], services: [], urls: [], ...(consumption ? { consumption } : {}) },
})

it('keeps what was before, and counts only the storage of what is suspended', () => {
  const claims = [aClaim('a', 'Bound')]
  const first = consumptionOf(seen([aPod('Running')], claims), START)
  const second = consumptionOf(seen([], claims, after(first)), later(60))
  expect(second?.steps).toEqual([
    { at: '2030-01-01T12:00:00Z', cpu: 1600, memory: 223, storage: 5120 },
    { at: '2030-01-01T12:01:00Z', cpu: 0, memory: 0, storage: 5120 },
  ])
})

it('ends when the deletion was asked for', () => {
  const first = consumptionOf(seen([aPod('Running')]), START)
  const deleted = after(first, { deletionTimestamp: '2030-01-01T12:00:30Z' })
  const ended = endedConsumption(deleted)
  expect(ended?.steps.at(-1)).toEqual({ at: '2030-01-01T12:00:30Z', cpu: 0, memory: 0, storage: 0 })
  expect(endedConsumption({ ...deleted, status: after(ended).status })).toEqual(ended)
  expect(endedConsumption({ ...deleted, status: { consumption: { steps: 'many' } } })).toBeUndefined()
})
