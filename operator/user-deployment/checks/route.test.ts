import { expect, it } from 'vitest'

import type { UserDeployment, UserDeploymentSpecInput } from '../../../src/contract/crd/user-deployment.ts'
import { smallService } from '../../../src/contract/testing/specs.ts'
import { anObserved, liveMap } from '../../testing/observed.ts'
import { aResource, testSettings } from '../../testing/resources.ts'
import { considerBeside, type Considered } from '../considered.ts'
import { renderUserDeployment } from '../render.ts'
import { ingressFinding, routeQuestions } from './route.ts'

const settings = testSettings()
const HOST = 'abcdefghij.apps.localhost'

function considered(resource: UserDeployment, addresses?: { ip?: string; hostname?: string }[]): Considered {
  const desired = renderUserDeployment(resource, settings)
  const ingresses = desired.filter(({ kind }) => kind === 'Ingress')
  const live = ingresses.map((each) => ({
    ...each,
    ...(addresses ? { status: { loadBalancer: { ingress: addresses } } } : {}),
  }))
  return considerBeside(anObserved(resource, { live: liveMap(...live) }), settings)
}

it('waits for the ingress controller to take the Ingress up', () => {
  expect(ingressFinding(considered(aResource()))).toMatchObject({ kind: 'waits', reason: 'IngressPending' })
  expect(ingressFinding(considered(aResource(), []))).toMatchObject({ reason: 'IngressPending' })
})

it.each([{ ip: '127.0.0.1' }, { hostname: 'lb.example.com' }])(
  'is content with the address %o',
  (address) => {
    expect(ingressFinding(considered(aResource(), [address]))).toBeUndefined()
  },
)

it.each([
  { visibility: 'internal' },
  { ingress: undefined },
  { suspended: true },
] satisfies Partial<UserDeploymentSpecInput>[])(
  'asks for nothing where nobody is to be let in: %o',
  (spec) => {
    const all = considered(aResource(spec))
    expect(ingressFinding(all)).toBeUndefined()
    expect(routeQuestions(all)).toEqual([])
  },
)

it('asks at every host name', () => {
  const resource = aResource({ ingress: { service: 'web', port: 8080, hosts: ['shop.example.com'] } })
  expect(routeQuestions(considered(resource)).map(({ host }) => host)).toEqual([HOST, 'shop.example.com'])
})

it.each([
  [{ http: { path: '/healthz', port: 8080 } }, '/healthz'],
  [{ http: { path: '/healthz', port: 9090 } }, '/'],
  [{ tcp: { port: 8080 } }, '/'],
  [undefined, '/'],
])('asks an app with the health check %j at %s', (health, path) => {
  const resource = aResource({
    ingress: { service: 'web', port: 8080 },
    services: [smallService({ ports: [{ port: 8080 }, { port: 9090 }], ...(health ? { health } : {}) })],
  })
  expect(routeQuestions(considered(resource))).toEqual([{ host: HOST, path, overTls: false }])
})

it('asks over TLS whom it leads everybody to', () => {
  const ingress = { service: 'web', port: 8080, tls: { secretName: 'shop' }, redirectToHttps: true }
  expect(routeQuestions(considered(aResource({ ingress })))).toMatchObject([
    { host: HOST, overTls: true, port: undefined },
  ])
})

it('asks over TLS where all addresses begin with https', () => {
  const byTls = testSettings({ INGRESS_SCHEME: 'https' })
  expect(routeQuestions(considerBeside(anObserved(aResource()), byTls))).toMatchObject([{ overTls: true }])
})

it('names the port at which people come by TLS, as their browsers do', () => {
  const elsewhere = testSettings({ INGRESS_HTTPS_PORT: '8443' })
  const ingress = { service: 'web', port: 8080 }
  const asked = (redirectToHttps: boolean) => {
    const resource = aResource({ ingress: { ...ingress, redirectToHttps } })
    return routeQuestions(considerBeside(anObserved(resource), elsewhere))
  }
  expect(asked(true)).toMatchObject([{ host: HOST, overTls: true, port: 8443 }])
  expect(asked(false)).toMatchObject([{ host: HOST, overTls: false, port: undefined }])
})

it('asks again after each change, and not while it is ready', () => {
  const status = { phase: 'Ready', observedGeneration: 1, conditions: [], services: [], urls: [] } as const
  const ready = { ...aResource(), status: { ...status, conditions: [], services: [], urls: [] } }
  expect(routeQuestions(considered(ready))).toEqual([])
  const changed = { ...ready, metadata: { ...ready.metadata, generation: 2 } }
  expect(routeQuestions(considered(changed))).toHaveLength(1)
  const broken = { ...ready, status: { ...ready.status, phase: 'Provisioning' as const } }
  expect(routeQuestions(considered(broken))).toHaveLength(1)
})
