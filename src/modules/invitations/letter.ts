/** The letter of an invitation. Pure. */
import type { Mail } from '../../ports/mail/port.ts'
import { framed } from '../outbox/letter-frame.ts'
import type { Letter } from './store.ts'

const DAY = new Intl.DateTimeFormat('en', { dateStyle: 'long', timeZone: 'UTC' })

/** @param link with the token, which is nowhere else */
export function letterOf(invitation: Letter, link: string, id: string): Mail {
  const { email, orgName, teamName, invitedByName, expiresAt } = invitation
  const where = teamName === null ? orgName : `${orgName} (team ${teamName})`
  return framed({
    id,
    to: email,
    subject: `${invitedByName} invites you to ${orgName}`,
    opening: `${invitedByName} invites you to ${where} on Shipyard, where apps are deployed to Kubernetes.`,
    link: { href: link, label: 'Accept the invitation', lead: 'To accept, open this link:' },
    term: `The link works once, for ${email}, until the end of ${DAY.format(expiresAt)} (UTC) at the latest.`,
    closing: 'If you do not know what this is about, do nothing: without you nothing happens.',
  })
}
