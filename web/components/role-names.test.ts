import { expect, it } from 'vitest'

import { ACTIONS, POLICY } from '../../src/contract/policy.ts'
import { whoMay } from './role-names.ts'

const refusable = ACTIONS.filter((action) => !['self', 'nobody'].includes(POLICY[action].least))

it.each(refusable)('says in words who may %s', (action) => {
  expect(whoMay(action)).toMatch(/^Only .* may do this\.$/)
})
