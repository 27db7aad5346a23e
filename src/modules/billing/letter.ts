/** Letters about what is not paid, one for each stage, and one when it is paid. Pure. */
import type { Mail } from '../../ports/mail/port.ts'
import { framed } from '../outbox/letter-frame.ts'
import type { Stage } from './standing.ts'
import type { Addressee } from './store.ts'

interface Words {
  readonly subject: (orgName: string) => string
  readonly opening: (orgName: string) => string
  /** With the day on which the next stage begins. */
  readonly term: (day: string) => string
}

const WORDS: Readonly<Record<Stage, Words>> = {
  full: {
    subject: (org) => `${org} is paid, and all of it runs again`,
    opening: (org) =>
      `Thank you: nothing is due for ${org} any more. What was stopped is being started, and new things may be made.`,
    term: () => 'There is nothing to do.',
  },
  banner: {
    subject: (org) => `A payment for ${org} did not succeed`,
    opening: (org) => `The last payment for ${org} did not succeed. Everything goes on as it is.`,
    term: (day) => `From ${day} on nothing new can be made until it is paid.`,
  },
  frozen: {
    subject: (org) => `Nothing new can be made in ${org} until it is paid`,
    opening: (org) => `A payment for ${org} is still due. Its apps run, but nothing new can be made.`,
    term: (day) => `On ${day} its apps are stopped. Nothing is deleted by that.`,
  },
  suspended: {
    subject: (org) => `The apps of ${org} are stopped`,
    opening: (org) =>
      `A payment for ${org} is still due, so its apps are stopped. Nothing is deleted, and they start again by themselves within a minute of the payment.`,
    term: (day) => `If it is not paid by ${day}, the removal of its apps and their data is announced.`,
  },
  removing: {
    subject: (org) => `The apps and data of ${org} will be removed`,
    opening: (org) =>
      `A payment for ${org} has been due for a long time. Its apps, with their volumes and secrets, will be removed.`,
    term: (day) => `This happens on ${day}. Pay before, and everything starts again as it was.`,
  },
  removed: {
    subject: (org) => `The apps and data of ${org} are removed`,
    opening: (org) =>
      `As it was announced, the apps of ${org} and their data are removed. The organisation and its members are still there.`,
    term: () => 'Once the payment that is due is made, new apps can be deployed.',
  },
}

const DAY = new Intl.DateTimeFormat('en', { dateStyle: 'long', timeZone: 'UTC' })

/** @param billingUrl the page on which the owner pays */
export function stepLetter(
  { orgName, ownerEmail, nextAt }: Pick<Addressee, 'orgName' | 'ownerEmail' | 'nextAt'>,
  { id, stage, billingUrl }: { id: string; stage: Stage; billingUrl: string },
): Mail {
  const words = WORDS[stage]
  return framed({
    id,
    to: ownerEmail,
    subject: words.subject(orgName),
    opening: words.opening(orgName),
    link: { href: billingUrl, label: 'Open the billing page', lead: 'The billing page:' },
    term: words.term(nextAt ? `${DAY.format(nextAt)} (UTC)` : 'a later day'),
    closing: `You are sent this because you own ${orgName} on Shipyard.`,
  })
}
