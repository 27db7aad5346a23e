import { expect, it } from 'vitest'

import type { Mail, MailPort } from '../port.ts'

/** A mail server that knows some addresses, and what it has taken. */
export interface MailScene {
  readonly mail: MailPort
  readonly taken: () => Promise<readonly Pick<Mail, 'subject' | 'text' | 'html'>[]>
  /** An address that the server refuses. */
  readonly unknown: string
  /** The same, with a server that does not answer. */
  readonly away: MailPort
}

export const aLetter = (given: Partial<Mail> = {}): Mail => ({
  id: 'out_1',
  to: 'ada@example.com',
  subject: 'Grüße, “quoted”',
  text: 'See https://example.com/invite?token=abc&x=1\nThe end.',
  html: '<p>See <a href="https://example.com/invite?token=abc&amp;x=1">it</a></p>',
  ...given,
})

/** Sentence → what shows it. */
const cases: Record<string, (scene: MailScene) => Promise<void>> = {
  async 'hands over a letter as text and as HTML'({ mail, taken }) {
    const letter = aLetter()
    await mail.send(letter)
    const [last] = (await taken()).slice(-1)
    expect(last?.subject).toBe(letter.subject)
    expect(last?.text.trim()).toBe(letter.text)
    expect(last?.html.trim()).toBe(letter.html)
  },
  async 'takes an address for one address, whatever it holds'({ mail, taken }) {
    const before = (await taken()).length
    await mail.send(aLetter({ to: '"a,b"@example.com' })).catch(() => undefined)
    expect((await taken()).length - before).toBeLessThanOrEqual(1)
  },
  async 'says that the server refuses a letter for good'({ mail, unknown }) {
    await expect(mail.send(aLetter({ to: unknown }))).rejects.toMatchObject({
      code: 'MAIL_REFUSED',
      params: { reason: expect.stringContaining('550') as string },
    })
  },
  async 'says that the server is away'({ away }) {
    await expect(away.send(aLetter())).rejects.toMatchObject({ code: 'MAIL_UNAVAILABLE' })
  },
}

/** What every mail port does; `open` answers the scene. */
export function conformsToMailPort(open: () => MailScene): void {
  it.each(Object.entries(cases))('%s', async (_, show) => {
    await expect(show(open())).resolves.toBeUndefined()
  })
}
