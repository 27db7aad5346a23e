import { fakeMail } from './fake.ts'
import { conformsToMailPort } from './testing/conformance.ts'

conformsToMailPort(() => {
  const [mail, away] = [fakeMail(), fakeMail()]
  mail.unknown.add('nobody@example.com')
  away.isAway = true
  return { mail, away, unknown: 'nobody@example.com', taken: async () => mail.letters }
})
