import { expect, it } from 'vitest'

import { KubeError } from '../../kubernetes/kube-error.ts'
import { translate } from './errors.ts'

const codeOf = (error: unknown): unknown => {
  try {
    return translate(error)
  } catch (translated) {
    return (translated as { code?: string }).code
  }
}

const forbidden = (message: string): KubeError =>
  new KubeError({ status: 403, reason: 'Forbidden', message: `PATCH /api was answered 403: ${message}` })

it.each([
  'namespaces "a" is forbidden: User "shipyard:server" cannot patch resource "namespaces" in API group "" in the namespace "a"',
  'userdeployments.scheduler.opsnorth.io "a" is forbidden: not yet ready to handle request',
])('finds the cluster away that has no rights for us yet: %s', (message) => {
  expect(codeOf(forbidden(message))).toBe('CLUSTER_UNAVAILABLE')
})

it.each([
  'pods "a" is forbidden: exceeded quota: shipyard, requested: pods=1, used: pods=16, limited: pods=16',
  'admission webhook "policy.example.com" denied the request: User "x" cannot have this',
  'userdeployments "a" is forbidden: ValidatingAdmissionPolicy \'p\' denied request',
])('finds the deployment refused that a policy does not want: %s', (message) => {
  expect(codeOf(forbidden(message))).toBe('CLUSTER_REFUSED')
})
