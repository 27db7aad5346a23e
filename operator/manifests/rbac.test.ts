import { expect, it } from 'vitest'

import { operatorRules } from './rbac.ts'

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
