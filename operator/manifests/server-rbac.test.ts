import { expect, it } from 'vitest'

import { OWNED_KINDS } from '../../src/contract/crd/owned-kinds.ts'
import { RESOURCES } from '../runtime/cluster.ts'
import { GUARD_KINDS, MADE_KINDS } from '../user-deployment/caches.ts'
import { SWEEP } from './admission/policy.ts'
import { serverRules } from './server-rbac.ts'

const rules = serverRules()
const may = (verb: string): string[] =>
  rules.filter(({ verbs }) => verbs.includes(verb)).flatMap(({ resources }) => resources)

it('grants nothing by a star, and nothing on Secrets', () => {
  const words = rules.flatMap(({ apiGroups, resources, verbs }) => [...apiGroups, ...resources, ...verbs])
  expect(words.filter((word) => word.includes('*'))).toEqual([])
  expect(rules.flatMap(({ resources }) => resources)).not.toContain('secrets')
})

it('lets it remove every kind that server or operator makes, and no other', () => {
  const made = ['Namespace', 'UserDeployment', ...MADE_KINDS, ...GUARD_KINDS] as const
  expect(OWNED_KINDS.toSorted()).toEqual([...new Set(made)].toSorted())
  const removable = made.map((kind) => RESOURCES[kind].plural)
  expect(may('delete').toSorted()).toEqual([...new Set(removable)].toSorted())
})

it('lets it make namespaces and custom resources alone, and open terminals', () => {
  expect(may('create').toSorted()).toEqual(['namespaces', 'pods/exec', 'userdeployments'])
  expect(may('patch').toSorted()).toEqual(['namespaces', 'userdeployments'])
  expect(may('update')).toEqual([])
  const verbs = ['get', 'list', 'delete', 'create', 'patch', 'watch', SWEEP]
  expect(new Set(rules.flatMap((rule) => rule.verbs))).toEqual(new Set(verbs))
})
