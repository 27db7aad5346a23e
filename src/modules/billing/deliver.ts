/** The effects that billing enters at the outbox. */
import { z } from 'zod'

import { OrgId } from '../../contract/ids.ts'
import type { Deps } from '../deps.ts'
import type { Deliver } from '../outbox/deliver-effects.ts'
import { endSubscriptions } from './fold-customer.ts'
import { stepLetter } from './letter.ts'
import { STAGES } from './standing.ts'
import { findAddressee } from './store.ts'

const Step = z.object({ orgId: OrgId, stage: z.enum(STAGES) })

/** Tells the owner of a stage; one that is over by now needs no letter. */
export const deliverStep =
  ({ db, mail, settings }: Pick<Deps, 'db' | 'mail' | 'settings'>): Deliver =>
  async ({ id, payload }, signal) => {
    const { orgId, stage } = Step.parse(payload)
    if (!mail) throw new Error('The mail server was taken out of the settings; letters wait for one.')
    const addressee = await findAddressee(db, orgId)
    if (addressee?.stage !== stage) return
    const billingUrl = `${settings.baseUrl}/orgs/${orgId}/billing`
    await mail.send(stepLetter(addressee, { id, stage, billingUrl }), { signal })
  }

const Ended = z.object({ customerId: z.string() })

/** Ends what a deleted organisation has bought. */
export const deliverEnd =
  ({ stripe }: Pick<Deps, 'stripe'>): Deliver =>
  async ({ payload }) => {
    const { customerId } = Ended.parse(payload)
    if (!stripe)
      throw new Error('Billing was switched off; subscriptions of deleted organisations wait for it.')
    await endSubscriptions(stripe, customerId)
  }
