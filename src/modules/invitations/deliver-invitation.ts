/** Sends the letter of an invitation. Its link is made here, so that no secret waits anywhere (docs/decisions/036). */
import { z } from 'zod'

import { InvitationId } from '../../contract/ids.ts'
import type { Deps } from '../deps.ts'
import type { Deliver } from '../outbox/deliver-effects.ts'
import { letterOf } from './letter.ts'
import { renewLink } from './store.ts'
import { hashOfToken, linkOf, newToken } from './token.ts'

const Payload = z.object({ invitationId: InvitationId })

type Needed = Pick<Deps, 'db' | 'mail' | 'clock' | 'settings'>

/**
 * An attempt that may have had its effect makes another link: only the one of the newest letter works. An invitation
 * that is not open any more needs no letter.
 */
export const deliverInvitation =
  ({ db, mail, clock, settings }: Needed): Deliver =>
  async ({ id, payload }, signal) => {
    const { invitationId } = Payload.parse(payload)
    if (!mail) throw new Error('The mail server was taken out of the settings; invitations wait for one.')
    const token = newToken()
    const now = new Date(clock.nowMs())
    const row = await renewLink(db, { invitationId, tokenHash: hashOfToken(token), now })
    if (row) await mail.send(letterOf(row, linkOf(token, settings.baseUrl), id), { signal })
  }
