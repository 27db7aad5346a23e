/** A request by TLS with a certificate of one's own, and what Traefik does with those that come without. */
import { X509Certificate } from 'node:crypto'
import { connect as connectTls, type TLSSocket } from 'node:tls'
import { Agent, request, type Dispatcher } from 'undici'
import { beforeAll, expect, inject, it } from 'vitest'

import { smallService } from '../../src/contract/testing/specs.ts'
import { skipUnless } from '../../src/testing/levels.ts'
import { localAuthority, type Authority } from '../fixtures/authority.ts'
import { eventually, stackEnv } from '../fixtures/cluster.ts'
import { deploy, type Deployed } from '../fixtures/operator.ts'
import { useOperator } from '../fixtures/use-operator.ts'

const HOST = 'shop.https-test.example'
const HSTS = { name: 'Strict-Transport-Security', value: 'max-age=31536000' }

skipUnless(inject('whyNoNode') === '', inject('whyNoNode'), () => {
  const world = useOperator()
  const { cluster } = world
  const httpsPort = Number(stackEnv('INGRESS_HTTPS_PORT'))
  let authority: Authority
  let deployed: Deployed

  const ingress = {
    service: 'web',
    port: 8080,
    hosts: [HOST],
    tls: { secretName: 'shop-tls' },
    redirectToHttps: true,
    responseHeaders: [HSTS],
  }

  /** What somebody who renews certificates does. */
  async function putCertificate(): Promise<string> {
    const { chain, key } = await authority.issue([HOST])
    await cluster.apply({
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'shop-tls', namespace: world.tenant.namespace },
      type: 'kubernetes.io/tls',
      stringData: { 'tls.crt': chain, 'tls.key': key },
    })
    return new X509Certificate(chain).serialNumber
  }

  beforeAll(async () => {
    authority = await localAuthority()
    await putCertificate()
    const health = { http: { path: '/readyz', port: 8080 }, periodSeconds: 1 }
    deployed = await deploy(cluster, world.tenant, { services: [smallService({ health })], ingress })
    await deployed.until(60_000, ({ phase }) => phase === 'Ready')
  })

  /** As a browser that trusts `ca`. @throws when the chain does not verify, or not for the host */
  async function byTls(ca: string | undefined): Promise<Dispatcher.ResponseData> {
    const agent = new Agent({ connect: { ...(ca === undefined ? {} : { ca }), servername: HOST } })
    try {
      const answer = await request(`https://127.0.0.1:${httpsPort}/`, {
        dispatcher: agent,
        headers: { host: `${HOST}:${httpsPort}` },
      })
      await answer.body.dump()
      return answer
    } finally {
      await agent.close()
    }
  }

  async function withoutTls(path: string): Promise<Dispatcher.ResponseData> {
    const answer = await request(`http://127.0.0.1:${stackEnv('INGRESS_HTTP_PORT')}${path}`, {
      headers: { host: HOST },
    })
    await answer.body.dump()
    return answer
  }

  /** The serial number that is shown for the host, to a client that checks it. */
  async function shownSerial(): Promise<string> {
    const { promise, resolve, reject } = Promise.withResolvers<undefined>()
    const options = { host: '127.0.0.1', port: httpsPort, servername: HOST, ca: authority.root }
    const socket: TLSSocket = connectTls(options, () => resolve(undefined))
    socket.on('error', reject)
    await promise
    const { serialNumber } = socket.getPeerCertificate()
    socket.destroy()
    return serialNumber
  }

  it('answers with the certificate that was given, and the chain verifies', async () => {
    // The very first request after Ready.
    const answer = await byTls(authority.root)
    expect(answer.statusCode).toBe(200)
    expect(answer.headers['strict-transport-security']).toBe(HSTS.value)
    await expect(byTls(undefined)).rejects.toThrow('unable to get local issuer certificate')
    const other = await localAuthority()
    await expect(byTls(other.root)).rejects.toThrow(/certificate/)
  })

  it('leads requests without TLS to the same address with it', async () => {
    const { statusCode, headers } = await withoutTls('/some/path?with=query')
    expect([301, 308]).toContain(statusCode)
    expect(headers['location']).toBe(`https://${HOST}:${httpsPort}/some/path?with=query`)
  })

  it('shows a certificate that was renewed', async () => {
    const serial = await putCertificate()
    await eventually(10_000, async () => expect(await shownSerial()).toBe(serial))
  })

  it('takes redirect and headers away with what made them, and puts them back', async () => {
    await deployed.change({ ingress: { ...ingress, redirectToHttps: false, responseHeaders: [] } })
    await eventually(15_000, async () => {
      const { statusCode, headers } = await withoutTls('/')
      expect(statusCode).toBe(200)
      expect(headers).not.toHaveProperty('strict-transport-security')
      expect(await deployed.children('traefik.io/v1alpha1', 'Middleware')).toEqual([])
    })
    await deployed.change({ ingress })
    await eventually(15_000, async () => expect((await withoutTls('/')).statusCode).toBe(301))
    expect(await deployed.children('traefik.io/v1alpha1', 'Middleware')).toHaveLength(2)
  })

  it('wrote nothing in vain', async () => {
    expect(await world.operator.idleWrites()).toBe(0)
    expect(world.operator.log.lines.filter((line) => line.startsWith('error'))).toEqual([])
  })
})
