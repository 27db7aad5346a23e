/** An identity provider on this machine that stands in for Google, and says whatever a test wants it to. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { OAuth2Issuer, OAuth2Service, type MutableResponse, type MutableToken } from 'oauth2-mock-server'

import type { AccountHolder, Consented } from '../fake.ts'
import type { GoogleSettings } from '../google.ts'

export const CLIENT_ID = 'shipyard.apps.example.com'

/** What it does otherwise than it should; each part is left as it is unless named. */
export interface Mutation {
  /** Before the ID token is signed. */
  readonly token?: (token: MutableToken) => void
  /** Before the answer with the tokens is sent. */
  readonly response?: (response: MutableResponse) => void
  /** Answers itself, instead of what would be answered. */
  readonly instead?: Partial<Record<'/token' | '/jwks', (response: ServerResponse) => void>>
}

export interface Provider {
  readonly url: string
  readonly issuer: OAuth2Issuer
  settings(redirectUrl: string): GoogleSettings
  /** Goes to the address that a browser is sent to, as this person. */
  consent(url: URL, holder: AccountHolder): Promise<Consented>
  /** Until the next call of it. */
  misbehave(mutation: Mutation): void
  /** Paths that were asked for, since the last call of it. */
  asked(): string[]
  stop(): Promise<void>
}

export async function startProvider(): Promise<Provider> {
  const issuer = new OAuth2Issuer()
  await issuer.keys.generate('RS256')
  const service = new OAuth2Service(issuer)
  const holders = new Map<string, AccountHolder>()
  const asked: string[] = []
  let mutation: Mutation = {}

  service.on('beforeTokenSigning', (token: MutableToken, request: { body: { code?: string } }) => {
    const holder = holders.get(request.body.code ?? '')
    if (holder && 'aud' in token.payload) {
      const { subject, email, isVerified = true, name } = holder
      Object.assign(token.payload, { sub: subject, email, email_verified: isVerified, name })
    }
    mutation.token?.(token)
  })
  service.on('beforeResponse', (response: MutableResponse) => mutation.response?.(response))
  const server = createServer((request: IncomingMessage, response: ServerResponse) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost')
    asked.push(pathname)
    const instead = mutation.instead?.[pathname as '/token']
    if (instead) instead(response)
    else service.requestHandler(request, response)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  issuer.url = url

  return {
    url,
    issuer,
    settings: (redirectUrl) => ({
      clientId: CLIENT_ID,
      clientSecret: 'provider-secret',
      redirectUrl,
      issuer: url,
      authorizeUrl: `${url}/authorize`,
      tokenUrl: `${url}/token`,
      jwksUrl: `${url}/jwks`,
    }),
    async consent(to, holder) {
      const answer = await fetch(to, { redirect: 'manual', signal: AbortSignal.timeout(10_000) })
      const back = new URL(answer.headers.get('location') ?? '')
      const code = back.searchParams.get('code') ?? ''
      holders.set(code, holder)
      return { code, state: back.searchParams.get('state') ?? '' }
    },
    misbehave: (next) => void (mutation = next),
    asked: () => asked.splice(0),
    async stop() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
