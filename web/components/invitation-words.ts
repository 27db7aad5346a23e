import type { InvitationView } from '../../src/modules/invitations/schema.ts'
import type { Tone } from '../ui/badge.tsx'

type Told = Pick<InvitationView, 'state' | 'mail'>

/** How an invitation fares, in a word or three. */
export function invitationWord({ state, mail }: Told): { word: string; tone: Tone } {
  if (state === 'accepted') return { word: 'Accepted', tone: 'good' }
  if (state === 'revoked') return { word: 'Taken back', tone: 'neutral' }
  if (state === 'expired') return { word: 'Run out', tone: 'warn' }
  if (mail === 'failed') return { word: 'Mail not sent yet', tone: 'bad' }
  if (mail === 'waiting') return { word: 'Mail on its way', tone: 'active' }
  return { word: 'Open', tone: 'active' }
}
