import { expect, it } from 'vitest'

import { CERT_MANAGER, exposers, operatorRules } from './rbac.ts'

const rules = operatorRules()

it('grants nothing by a star, and nothing on Secrets', () => {
  const words = rules.flatMap(({ apiGroups, resources, verbs }) => [...apiGroups, ...resources, ...verbs])
  expect(words.filter((word) => word.includes('*'))).toEqual([])
  expect(rules.flatMap(({ resources }) => resources)).not.toContain('secrets')
})

it('grants no right to run something, to become somebody, or to grant rights', () => {
  const resources = rules.flatMap((rule) => rule.resources)
  expect(resources.filter((each) => /exec|attach|portforward|proxy|token|role/.test(each))).toEqual([])
  const verbs = new Set(rules.flatMap((rule) => rule.verbs))
  const ofAdmission = 'expose'
  expect([...verbs].toSorted()).toEqual([
    'create',
    'delete',
    ofAdmission,
    'get',
    'list',
    'patch',
    'update',
    'watch',
  ])
})

it('grants no deletion of what guards a namespace', () => {
  const deletable = rules
    .filter(({ verbs }) => verbs.includes('delete'))
    .flatMap(({ resources }) => resources)
  for (const guard of ['resourcequotas', 'limitranges', 'serviceaccounts', 'namespaces', 'userdeployments']) {
    expect(deletable).not.toContain(guard)
  }
})

it('grants cert-manager nothing but what the policies ask for', () => {
  const [role, binding] = exposers()
  expect(role).toMatchObject({
    rules: [{ apiGroups: ['scheduler.opsnorth.io'], resources: ['userdeployments'], verbs: ['expose'] }],
  })
  expect(binding).toMatchObject({
    roleRef: { kind: 'ClusterRole', name: 'shipyard-exposer' },
    subjects: [{ kind: 'Group', name: CERT_MANAGER }],
  })
})
