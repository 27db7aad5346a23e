/** What is garbage, kind by kind: pure. */
import { describe, expect, it } from 'vitest'

import { LABELS, MANAGED_BY } from '../../contract/crd/meta.ts'
import { GUARDING_KINDS, OWNED_KINDS, type OwnedKind } from '../../contract/crd/owned-kinds.ts'
import { newId } from '../../contract/ids.ts'
import { DEFAULT_NAMESPACE_PATTERN, namespaceFor } from '../../contract/names.ts'
import type { OwnedObject } from '../../ports/kube/port.ts'
import { GRACE_MS, orphanReason, presentIn, questionOf, type Known } from './orphans.ts'
import type { GarbageReason } from './schema.ts'

const settings = { namespacePattern: DEFAULT_NAMESPACE_PATTERN }
const tenant = { userId: newId('usr'), orgId: newId('org') }
const namespace = namespaceFor(DEFAULT_NAMESPACE_PATTERN, tenant)
const nowMs = 10 * GRACE_MS
const NAME = 'abcdefghij'
const ours = { [LABELS.managedBy]: MANAGED_BY }
const ofDeployment = { ...ours, [LABELS.deployment]: NAME }

const anObject = (kind: OwnedKind, more: Partial<OwnedObject> = {}): OwnedObject => ({
  kind,
  namespace,
  name: 'some',
  uid: crypto.randomUUID(),
  resourceVersion: '1',
  createdAt: new Date(0),
  isTerminating: false,
  hasOwner: false,
  labels: ours,
  ...more,
})
const resource = anObject('UserDeployment', { name: NAME })
const labelled = anObject('Namespace', {
  namespace: undefined,
  name: namespace,
  labels: { ...ours, [LABELS.userId]: tenant.userId, [LABELS.orgId]: tenant.orgId },
})

const NOBODY: Known = { users: new Set(), orgs: new Set(), namespaces: new Map(), paths: new Set() }
const TENANT: Known = { ...NOBODY, users: new Set([tenant.userId]), orgs: new Set([tenant.orgId]) }

function reasonOf(object: OwnedObject, known: Known, beside: OwnedObject[] = []): GarbageReason | undefined {
  return orphanReason(object, { known, nowMs, settings, present: presentIn([object, ...beside]) })
}

const CHILDREN = OWNED_KINDS.filter((kind) => kind !== 'Namespace' && kind !== 'UserDeployment')
const GUARDS = [...GUARDING_KINDS]

describe.each(CHILDREN)('a %s of a deployment', (kind) => {
  const child = anObject(kind, { labels: ofDeployment })
  const reason = kind === 'PersistentVolumeClaim' ? 'KeptVolume' : 'NoDeployment'

  it('is garbage when neither row nor custom resource is there', () => {
    expect(reasonOf(child, TENANT)).toBe(reason)
    expect(reasonOf(child, TENANT, [labelled])).toBe(reason)
  })

  it('is none while its custom resource is there, while it has an owner, or while its row is there', () => {
    expect(reasonOf(child, NOBODY, [resource])).toBeUndefined()
    expect(reasonOf({ ...child, hasOwner: true }, NOBODY)).toBeUndefined()
    const known = { ...TENANT, namespaces: new Map([[NAME, namespace]]) }
    expect(reasonOf(child, known)).toBeUndefined()
  })

  it('is none while it is young or on its way out', () => {
    expect(reasonOf({ ...child, createdAt: new Date(nowMs - GRACE_MS + 1) }, NOBODY)).toBeUndefined()
    expect(reasonOf({ ...child, isTerminating: true }, NOBODY)).toBeUndefined()
  })
})

describe.each(GUARDS)('a %s that names no deployment', (kind) => {
  const guard = anObject(kind)

  it('is garbage in a namespace that is none of ours', () => {
    expect(reasonOf(guard, NOBODY)).toBe('StrayGuard')
    expect(reasonOf({ ...guard, namespace: 'default' }, TENANT, [labelled, resource])).toBe('StrayGuard')
  })

  it('is none where the namespace carries our label, whoever it belongs to: it goes with that', () => {
    expect(reasonOf(guard, TENANT, [labelled])).toBeUndefined()
    expect(reasonOf(guard, NOBODY, [labelled])).toBeUndefined()
  })

  it('is none where the label was taken from the namespace of a tenant', () => {
    expect(reasonOf(guard, TENANT)).toBeUndefined()
    expect(reasonOf(guard, { ...NOBODY, users: TENANT.users })).toBe('StrayGuard')
    expect(reasonOf(guard, { ...NOBODY, orgs: TENANT.orgs })).toBe('StrayGuard')
    expect(reasonOf(guard, NOBODY, [resource])).toBeUndefined()
  })
})

it('takes nothing else for a guard', () => {
  for (const kind of CHILDREN.filter((each) => !GUARDING_KINDS.has(each))) {
    expect(reasonOf(anObject(kind, { namespace: 'default' }), NOBODY)).toBeUndefined()
  }
})

it('asks the database whose the namespaces of guards would be', () => {
  const asked = questionOf([anObject('LimitRange'), anObject('ConfigMap'), anObject('LimitRange')], settings)
  expect(asked).toEqual({ names: [], userIds: [tenant.userId], orgIds: [tenant.orgId] })
  expect(questionOf([anObject('ConfigMap')], settings)).toEqual({ names: [], userIds: [], orgIds: [] })
})
