import { expect, it } from 'vitest'
import { z } from 'zod'

import { HostName } from './names.ts'
import { publicUrl } from './public-address.ts'
import { renderSettingsOf, renderVariables } from './render-settings.ts'

const read = (env: Record<string, string>) => renderSettingsOf(z.object(renderVariables).parse(env))

it.each([
  [{}, 'https://a.example.com'],
  [{ INGRESS_HTTPS_PORT: '443' }, 'https://a.example.com'],
  [{ INGRESS_HTTPS_PORT: '8443' }, 'https://a.example.com:8443'],
  [{ INGRESS_HTTP_PORT: '20080', INGRESS_HTTPS_PORT: '20443' }, 'http://a.example.com:20080'],
  [{ INGRESS_HTTP_PORT: '80' }, 'http://a.example.com'],
  [{ INGRESS_SCHEME: 'http' }, 'http://a.example.com'],
  [
    { INGRESS_SCHEME: 'https', INGRESS_HTTP_PORT: '80', INGRESS_HTTPS_PORT: '20443' },
    'https://a.example.com:20443',
  ],
])('%j answers at %s', (env, url) => {
  expect(publicUrl(read(env).publicAddress, HostName.parse('a.example.com'))).toBe(url)
})

it('admits addresses and namespaces', () => {
  const { ingressFrom } = read({
    INGRESS_FROM: '10.0.0.0/8, 2001:db8::/32,kubernetes.io/metadata.name=traefik,a=b',
  })
  expect(ingressFrom).toEqual([
    { cidr: '10.0.0.0/8' },
    { cidr: '2001:db8::/32' },
    { namespaceLabels: { 'kubernetes.io/metadata.name': 'traefik' } },
    { namespaceLabels: { a: 'b' } },
  ])
})

it.each(['*', '10.0.0.0', 'a==b', 'a=', '=b', 'a b=c', '10.0.0.0/8,,', 'A/b=c', '10.0.0.0/8=x/y'])(
  'refuses to admit %j',
  (text) => {
    expect(() => read({ INGRESS_FROM: text })).toThrow('must be ranges such as')
  },
)
