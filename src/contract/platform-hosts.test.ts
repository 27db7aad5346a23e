import { expect, it } from 'vitest'
import { z } from 'zod'

import { Domain } from './names.ts'
import { chosenHost, isPlatformHost, reservedHostsOf, reservedHostVariables } from './platform-hosts.ts'

const platform = {
  deploymentDomain: Domain.parse('apps.example.com'),
  reservedHosts: ['shipyard.example.org', '.example.net'],
}

it.each(['shop.example.com', 'a.b.c.d', 'xn--bcher-kva.example', '1.example.com', 'example.xn--p1ai'])(
  'may be chosen: %s',
  (host) => expect(chosenHost(platform).parse(host)).toBe(host),
)

it.each([
  ...['*.example.com', 'example', 'Example.com', 'example.com.', '.example.com', 'a..b', '127.0.0.1', '::1'],
  ...['exam_ple.com', 'a-.com', '-a.com', 'bücher.example', 'example.com:80', 'http://example.com', 'a.1'],
])('are no host names: %s', (host) => {
  expect(chosenHost(platform).safeParse(host).success).toBe(false)
})

it.each(['apps.example.com', 'x.apps.example.com', 'a.b.apps.example.com'])(
  'of the platform cannot be chosen: %s',
  (host) => {
    expect(chosenHost(platform).safeParse(host).error?.issues[0]?.message).toContain(
      'of a domain of your own',
    )
  },
)

it('that only end alike can be chosen', () => {
  expect(chosenHost(platform).parse('myapps.example.com')).toBe('myapps.example.com')
})

it.each(['shipyard.example.org', 'example.net', 'www.example.net', 'a.b.example.net'])(
  'that are reserved cannot be chosen: %s',
  (host) => {
    expect(isPlatformHost(host, platform)).toBe(true)
    expect(chosenHost(platform).safeParse(host).success).toBe(false)
  },
)

it.each(['www.shipyard.example.org', 'example.org', 'myexample.net'])(
  'that are not quite those that are reserved can be chosen: %s',
  (host) => expect(isPlatformHost(host, platform)).toBe(false),
)

const read = (env: Record<string, string>) => reservedHostsOf(z.object(reservedHostVariables).parse(env))

it.each([
  [{}, []],
  [{ RESERVED_HOSTS: 'a.example.com, .b.example.com' }, ['a.example.com', '.b.example.com']],
  [
    { RESERVED_HOSTS: 'a.example.com', BASE_URL: 'https://Shipyard.example.com:8443/' },
    ['a.example.com', 'shipyard.example.com'],
  ],
])('reserves by %j the host names %j', (env, reserved) => {
  expect(read(env)).toEqual(reserved)
})

it.each(['*.example.com', 'a,,b', '..a', 'https://a.example.com', '10.0.0.1'])(
  'cannot reserve %j',
  (text) => {
    expect(() => read({ RESERVED_HOSTS: text })).toThrow('must be host names such as')
  },
)
