import { expect, it } from 'vitest'
import { stringify } from 'yaml'

import { LABELS } from '../../src/contract/crd/meta.ts'
import { aResource, namespaceLabels, NAMESPACE, testSettings } from '../testing/resources.ts'
import { SCENARIOS } from '../testing/scenarios.ts'
import { namespaceGuards } from './desired/namespace-guards.ts'
import type { Manifest } from './manifest.ts'
import { renderUserDeployment } from './render.ts'

const asYaml = (objects: readonly Manifest[]): string =>
  objects.map((object) => stringify(object, { lineWidth: 0, aliasDuplicateObjects: false })).join('---\n')

it.each(SCENARIOS)('renders $name as it did before', async ({ name, resource, settings, facts }) => {
  const text = asYaml(renderUserDeployment(resource, settings, facts))
  await expect(text).toMatchFileSnapshot(`golden/${name}.yaml`)
})

it.each(['free', 'business', 'enterprise'])('guards a namespace of plan %s', async (plan) => {
  const labels = namespaceLabels(aResource().spec.owner, plan)
  const text = asYaml(namespaceGuards({ name: NAMESPACE, labels }))
  await expect(text).toMatchFileSnapshot(`golden/namespace-${plan}.yaml`)
})

it('gives an unknown plan no more than the smallest', () => {
  const guardsOf = (plan: string): Manifest[] =>
    namespaceGuards({ name: NAMESPACE, labels: { [LABELS.plan]: plan } })
  expect(namespaceGuards({ name: NAMESPACE, labels: {} })).toEqual(guardsOf('free'))
  expect(guardsOf('mistyped')).toEqual(guardsOf('free'))
  expect(guardsOf('mistyped')).not.toEqual(guardsOf('business'))
})

it('shows a plan for a resource that is not there yet', () => {
  const { uid: _, ...metadata } = aResource().metadata
  const objects = renderUserDeployment({ ...aResource(), metadata }, testSettings())
  expect(objects.map(({ kind }) => kind)).toEqual([
    'NetworkPolicy',
    'NetworkPolicy',
    'Service',
    'Ingress',
    'Deployment',
  ])
  expect(objects.every((object) => object.metadata.ownerReferences === undefined)).toBe(true)
})
