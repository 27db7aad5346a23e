/**
 * Stands in for Google on one machine: whoever comes says who they are, and is believed. The protocol and the keys are
 * oauth2-mock-server's; the page that asks is ours.
 *
 * `node serve.ts PORT ISSUER`
 */
import { createHash } from 'node:crypto'
import { createServer } from 'node:http'
import { OAuth2Issuer, OAuth2Service, type MutableRedirectUri, type MutableToken } from 'oauth2-mock-server'

import { consentPage } from './consent-page.ts'

interface Person {
  readonly email: string
  readonly name: string
}

const [port = '', issuerUrl = ''] = process.argv.slice(2)
const issuer = new OAuth2Issuer()
issuer.url = issuerUrl
await issuer.keys.generate('RS256')
const service = new OAuth2Service(issuer)

/** Who has got which code. */
const people = new Map<string, Person>()

service.on(
  'beforeAuthorizeRedirect',
  ({ url }: MutableRedirectUri, { url: asked = '' }: { url?: string }) => {
    const given = new URL(asked, 'http://localhost').searchParams
    const email = (given.get('email') ?? '').trim().toLowerCase()
    const name = (given.get('name') ?? '').trim() || email.replace(/@.*/, '')
    people.set(url.searchParams.get('code') ?? '', { email, name })
  },
)

service.on('beforeTokenSigning', (token: MutableToken, { body }: { body: { code?: string } }) => {
  const person = people.get(body.code ?? '')
  if (!person || !('aud' in token.payload)) return
  const { email, name } = person
  // The same address is the same account, also after a restart.
  const sub = createHash('sha256').update(email).digest('hex').slice(0, 21)
  Object.assign(token.payload, { sub, email, email_verified: true, name })
})

createServer((request, response) => {
  const url = new URL(request.url ?? '/', 'http://localhost')
  const isAsked = url.pathname === '/authorize' && !url.searchParams.get('email')
  if (isAsked) {
    response.writeHead(200, { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' })
    response.end(consentPage(url.searchParams))
  } else service.requestHandler(request, response)
}).listen(Number(port), '127.0.0.1')
