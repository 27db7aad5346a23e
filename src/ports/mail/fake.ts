import { fail } from '../../errors.ts'
import type { Mail, MailPort } from './port.ts'

/** A mail server in memory: it refuses what a test says, and is away when a test says so. */
export interface FakeMail extends MailPort {
  /** What was taken, the first one first. */
  readonly letters: readonly Mail[]
  /** Addresses that nobody has. */
  readonly unknown: Set<string>
  isAway: boolean
}

export function fakeMail(): FakeMail {
  const letters: Mail[] = []
  const fake: FakeMail = {
    letters,
    unknown: new Set(),
    isAway: false,
    async send(mail) {
      if (fake.isAway) fail('MAIL_UNAVAILABLE', {}, { because: 'it is away' })
      if (fake.unknown.has(mail.to)) fail('MAIL_REFUSED', { reason: '550 no such mailbox' })
      letters.push(mail)
      await Promise.resolve()
    },
  }
  return fake
}
