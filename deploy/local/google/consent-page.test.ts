import { expect, it } from 'vitest'

import { consentPage } from './consent-page.ts'

it('hands on what was asked, and takes nothing of it for HTML', () => {
  const hostile = '"><script>alert(1)</script>'
  const page = consentPage(new URLSearchParams({ state: hostile, client_id: 'a&b', login_hint: hostile }))
  expect(page).toContain('name="client_id" value="a&amp;b"')
  expect(page).toContain('value="&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;"')
  expect(page).not.toContain('<script')
})

it('leaves it to the person who they are', () => {
  const page = consentPage(new URLSearchParams({ email: 'x@example.com', name: 'X', state: 's' }))
  expect(page).not.toContain('x@example.com')
  expect(page.match(/name="(email|name)"/g)).toHaveLength(2)
})
