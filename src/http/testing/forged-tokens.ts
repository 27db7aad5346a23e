/** ID tokens that are not signed as they should be. */
import { base64url, exportJWK, generateKeyPair, importJWK, SignJWT, type JWTPayload } from 'jose'
import type { OAuth2Issuer } from 'oauth2-mock-server'

type Sign = (claims: JWTPayload, issuer: OAuth2Issuer) => Promise<string>

const encoded = (part: object): string => base64url.encode(JSON.stringify(part))

/** The only key of the issuer, as it publishes it, or with its private part. */
function jwkOf(issuer: OAuth2Issuer, isPrivate = true): { kid: string; alg: string } {
  const [jwk] = issuer.keys.toJSON(isPrivate)
  if (!jwk) throw new Error('The issuer has no key.')
  return jwk
}

const headOf = (issuer: OAuth2Issuer) => ({ typ: 'JWT', alg: 'RS256', kid: jwkOf(issuer).kid })

/** As it should be. */
export const wellSigned: Sign = async (claims, issuer) => signedWith({}, claims, issuer)

async function signedWith(head: object, claims: JWTPayload, issuer: OAuth2Issuer): Promise<string> {
  const key = await importJWK(jwkOf(issuer), 'RS256')
  return new SignJWT(claims)
    .setProtectedHeader({ ...headOf(issuer), ...head })
    .sign(key, { crit: { exp2: true } })
}

async function byStranger(head: object, claims: JWTPayload, issuer: OAuth2Issuer): Promise<string> {
  const { privateKey } = await generateKeyPair('RS256')
  return new SignJWT(claims).setProtectedHeader({ ...headOf(issuer), ...head }).sign(privateKey)
}

export const FORGED: Record<string, Sign> = {
  'signed by a stranger under the known key id': async (claims, issuer) => byStranger({}, claims, issuer),
  'signed by a stranger under another key id': async (claims, issuer) =>
    byStranger({ kid: 'another' }, claims, issuer),
  async 'signed by a key that it brings along (jwk)'(claims, issuer) {
    const { privateKey, publicKey } = await generateKeyPair('RS256')
    const head = { ...headOf(issuer), jwk: await exportJWK(publicKey) }
    return new SignJWT(claims).setProtectedHeader(head).sign(privateKey)
  },
  'signed by a key that is elsewhere (jku)': async (claims, issuer) =>
    byStranger({ jku: 'https://evil.example/jwks' }, claims, issuer),
  'signed by nobody (alg none)': async (claims, issuer) =>
    `${encoded({ ...headOf(issuer), alg: 'none' })}.${encoded(claims)}.`,
  async 'signed with the public key as a password (HS256)'(claims, issuer) {
    const password = new TextEncoder().encode(JSON.stringify(jwkOf(issuer, false)))
    return new SignJWT(claims).setProtectedHeader({ ...headOf(issuer), alg: 'HS256' }).sign(password)
  },
  async 'signed by another algorithm with the right key (PS256)'(claims, issuer) {
    const key = await importJWK({ ...jwkOf(issuer), alg: 'PS256' }, 'PS256')
    return new SignJWT(claims).setProtectedHeader({ ...headOf(issuer), alg: 'PS256' }).sign(key)
  },
  async 'changed after it was signed'(claims, issuer) {
    const [head, , signature] = (await wellSigned(claims, issuer)).split('.')
    return `${head}.${encoded({ ...claims, sub: 'admin' })}.${signature}`
  },
  'without its signature': async (claims, issuer) =>
    `${(await wellSigned(claims, issuer)).split('.').slice(0, 2).join('.')}.`,
  'in two parts': async (claims, issuer) => (await wellSigned(claims, issuer)).split('.').slice(1).join('.'),
  'with an extension that must be understood (crit)': async (claims, issuer) =>
    signedWith({ crit: ['exp2'], exp2: 1 }, claims, issuer),
  'that is no token': async () => 'xxx',
}
