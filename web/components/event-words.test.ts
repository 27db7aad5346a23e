import { expect, it } from 'vitest'

import { eventWord } from './event-words.ts'

const waits = { outcome: null, error: null, attempts: 0 }

it('says of an event what came of it, or why not yet', () => {
  expect(eventWord(waits)).toMatchObject({ word: 'Waiting', tone: 'active' })
  expect(eventWord({ ...waits, outcome: 'folded', attempts: 1 })).toMatchObject({
    word: 'Done',
    tone: 'good',
  })
  expect(eventWord({ ...waits, outcome: 'unknown_type' })).toMatchObject({ word: 'Kept', tone: 'neutral' })
  expect(eventWord({ ...waits, error: 'Stripe cannot be reached.', attempts: 1 }).sentence).toBe(
    'Stripe cannot be reached. It is tried again by itself (1 attempt so far).',
  )
  const hint = 'Nothing was changed. Try again in a minute.'
  expect(eventWord({ ...waits, error: hint, attempts: 2 }).sentence).toBe(
    'Nothing was changed. It is tried again by itself (2 attempts so far).',
  )
  expect(eventWord({ ...waits, error: 'No.', attempts: 3 }).sentence).toContain('3 attempts')
})
