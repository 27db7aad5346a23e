import 'reflect-metadata'
import * as x509 from '@peculiar/x509'
import { generateKeyPairSync, randomBytes, type webcrypto } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { paths, type Site } from './site.ts'

export interface Certificate {
  /** File name without ending, below `pki/`. */
  readonly name: string
  /** Distinguished name: "O=system:masters, CN=admin". */
  readonly subject: string
  readonly dns?: readonly string[]
  readonly ip?: readonly string[]
}

interface Authority {
  readonly certificate: x509.X509Certificate
  readonly key: webcrypto.CryptoKey
}

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }
const lifetimeMs = 3650 * 86_400_000

/** Authorities of a stack: `ca` signs servers and clients, `front` the API server's calls to aggregated APIs. */
const authorities = { ca: 'CN=shipyard-ca', front: 'CN=shipyard-front-proxy-ca' } as const

/**
 * Makes the certificates that are asked for, anew at each start of the stack but for the two authorities
 * and the key that signs service-account tokens, which live as long as the folder: the addresses in the
 * certificates follow from the slot, which may change.
 */
export async function issueCertificates(site: Site, wanted: readonly Certificate[]): Promise<void> {
  mkdirSync(paths.pki(site, ''), { recursive: true, mode: 0o700 })
  const ca = await authority(site, 'ca')
  const front = await authority(site, 'front')
  await Promise.all(wanted.map(async (each) => issue(site, each, ca)))
  await issue(site, { name: 'front-proxy-client', subject: 'CN=front-proxy-client' }, front)
  makeServiceAccountKey(site)
}

async function authority(site: Site, name: keyof typeof authorities): Promise<Authority> {
  const [keyPath, certificatePath] = [paths.pki(site, `${name}.key`), paths.pki(site, `${name}.crt`)]
  if (existsSync(keyPath) && existsSync(certificatePath)) return readAuthority(keyPath, certificatePath)
  rmSync(certificatePath, { force: true })
  const keys = await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: randomBytes(8).toString('hex'),
    name: authorities[name],
    ...validity(),
    signingAlgorithm: algorithm,
    keys,
    extensions: [
      new x509.BasicConstraintsExtension(true, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.digitalSignature, true),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  })
  await writeKey(keyPath, keys.privateKey)
  writeFileSync(certificatePath, `${certificate.toString('pem')}\n`)
  return { certificate, key: keys.privateKey }
}

async function readAuthority(keyPath: string, certificatePath: string): Promise<Authority> {
  const der = x509.PemConverter.decodeFirst(readFileSync(keyPath, 'utf8'))
  const key = await crypto.subtle.importKey('pkcs8', der, algorithm, true, ['sign'])
  return { certificate: new x509.X509Certificate(readFileSync(certificatePath, 'utf8')), key }
}

async function issue(site: Site, wanted: Certificate, by: Authority): Promise<void> {
  const keys = await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])
  const names = [
    ...(wanted.dns ?? []).map((value) => ({ type: 'dns' as const, value })),
    ...(wanted.ip ?? []).map((value) => ({ type: 'ip' as const, value })),
  ]
  const certificate = await x509.X509CertificateGenerator.create({
    serialNumber: randomBytes(8).toString('hex'),
    subject: wanted.subject,
    issuer: by.certificate.subject,
    ...validity(),
    signingKey: by.key,
    publicKey: keys.publicKey,
    signingAlgorithm: algorithm,
    extensions: [
      new x509.ExtendedKeyUsageExtension([
        x509.ExtendedKeyUsage.serverAuth,
        x509.ExtendedKeyUsage.clientAuth,
      ]),
      ...(names.length > 0 ? [new x509.SubjectAlternativeNameExtension(names)] : []),
    ],
  })
  await writeKey(paths.pki(site, `${wanted.name}.key`), keys.privateKey)
  writeFileSync(paths.pki(site, `${wanted.name}.crt`), `${certificate.toString('pem')}\n`)
}

/** An hour back, for clocks that disagree. */
function validity(): { notBefore: Date; notAfter: Date } {
  // oxlint-disable-next-line no-restricted-properties -- certificates are about the time of day
  const now = Date.now()
  return { notBefore: new Date(now - 3_600_000), notAfter: new Date(now + lifetimeMs) }
}

async function writeKey(path: string, key: webcrypto.CryptoKey): Promise<void> {
  const der = await crypto.subtle.exportKey('pkcs8', key)
  writeFileSync(path, `${x509.PemConverter.encode(der, 'PRIVATE KEY')}\n`, { mode: 0o600 })
}

/** Kubernetes signs service-account tokens with RS256 or ES256; an RSA key is what every client reads. */
function makeServiceAccountKey(site: Site): void {
  const path = paths.pki(site, 'service-account.key')
  if (existsSync(path)) return
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  writeFileSync(path, privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 })
}
