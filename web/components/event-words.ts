import type { InboxEvent } from '../../src/modules/stripe-inbox/schema.ts'
import type { Tone } from '../ui/badge.tsx'

interface EventWord {
  readonly tone: Tone
  readonly word: string
  readonly sentence: string
}

const OUTCOMES: Readonly<Record<NonNullable<InboxEvent['outcome']>, EventWord>> = {
  folded: { tone: 'good', word: 'Done', sentence: 'The organisation is as Stripe says.' },
  ended: {
    tone: 'good',
    word: 'Done',
    sentence: 'Its organisation was deleted, and nothing is bought for it any more.',
  },
  unknown_customer: {
    tone: 'warn',
    word: 'Kept',
    sentence: 'No organisation here has this customer. Replay it if that is wrong.',
  },
  no_customer: { tone: 'neutral', word: 'Kept', sentence: 'It is about no customer, so nothing follows.' },
  unknown_type: { tone: 'neutral', word: 'Kept', sentence: 'Nothing here depends on events of this type.' },
}

/** What came of an event, for people. */
export function eventWord({
  outcome,
  error,
  attempts,
}: Pick<InboxEvent, 'outcome' | 'error' | 'attempts'>): EventWord {
  if (outcome !== null) return OUTCOMES[outcome]
  if (error === null) return { tone: 'active', word: 'Waiting', sentence: 'It is worked on in a moment.' }
  // What would be tried again by hand is tried by itself.
  const why = error.replace(/ Try again in a minute\.$/, '')
  const tries = attempts === 1 ? '1 attempt' : `${attempts} attempts`
  return { tone: 'bad', word: 'Failing', sentence: `${why} It is tried again by itself (${tries} so far).` }
}
