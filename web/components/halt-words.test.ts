import { expect, it } from 'vitest'

import type { OrgId } from '../../src/contract/ids.ts'
import { haltTip, haltWords } from './halt-words.ts'

const id = 'org_a' as OrgId

it.each([
  ['unpaid', 'Pay', '/orgs/org_a/billing'],
  ['budget', 'Look at the budget', '/orgs/org_a/usage'],
  ['plan', 'Choose what to keep', '/orgs/org_a/billing'],
] as const)('says what an owner does about a deployment that is halted by %s', (halt, label, to) => {
  const { sentence, step } = haltWords(halt, { id, role: 'org_owner' })
  expect(step).toEqual({ label, to })
  expect(sentence).toMatch(/Nothing is deleted\.$/)
  expect(haltTip(halt).length).toBeLessThan(60)
})

it.each(['unpaid', 'plan'] as const)(
  'sends who may not pay to the owner, when it is halted by %s',
  (halt) => {
    expect(haltWords(halt, { id, role: 'org_admin' })).toEqual({
      sentence: expect.stringMatching(/Ask the owner of the organisation\.$/),
      step: undefined,
    })
  },
)

it('leaves the way to why it is suspended to the frame of the page', () => {
  expect(haltWords('administrator', { id, role: 'org_owner' }).step).toBeUndefined()
})
