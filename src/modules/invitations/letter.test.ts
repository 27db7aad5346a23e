import { expect, it } from 'vitest'

import { letterOf } from './letter.ts'

const invitation = {
  email: 'grace@example.com',
  orgName: 'Ada & <b>friends</b>',
  teamName: 'Front end',
  invitedByName: 'Ada "the first"',
  expiresAt: new Date(Date.UTC(2026, 10, 30, 12)),
}
const link = 'https://shipyard.example.com/invite?token=abc'
const letter = letterOf(invitation, link, 'out_a')

it('says who invites whom to what, for how long, and where to go', () => {
  expect(letter).toMatchObject({
    id: 'out_a',
    to: 'grace@example.com',
    subject: 'Ada "the first" invites you to Ada & <b>friends</b>',
  })
  for (const body of [letter.text, letter.html]) {
    expect(body).toContain(link)
    expect(body).toContain('November 30, 2026')
    expect(body).toContain('team Front end')
    expect(body).toContain('grace@example.com')
  }
})

it('lets no name be more than a name', () => {
  expect(letter.html).toContain('Ada &amp; &lt;b&gt;friends&lt;/b&gt;')
  expect(letter.html).toContain('Ada &quot;the first&quot;')
  expect(letter.html).not.toContain('<b>')
})
