import { expect, it } from 'vitest'

import { invitationWord } from './invitation-words.ts'

it.each([
  ['open', 'sent', 'Open'],
  ['open', 'none', 'Open'],
  ['open', 'waiting', 'Mail on its way'],
  ['open', 'failed', 'Mail not sent yet'],
  ['expired', 'failed', 'Run out'],
  ['accepted', 'sent', 'Accepted'],
  ['revoked', 'waiting', 'Taken back'],
] as const)('of an invitation that is %s, with the mail %s, it says %s', (state, mail, word) => {
  expect(invitationWord({ state, mail }).word).toBe(word)
})
