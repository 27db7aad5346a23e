import fc from 'fast-check'
import { isIP } from 'node:net'
import { expect, it } from 'vitest'

import { Cidr } from './cidr.ts'

const isCidr = (text: string): boolean => Cidr.safeParse(text).success

it.each([
  '0.0.0.0/0',
  '10.0.0.1/32',
  '255.255.255.255/8',
  '::/0',
  '::1/128',
  '2001:db8::/32',
  '1:2:3:4:5:6:7:8/64',
  '1::8/1',
  '1:2:3:4:5:6:7::/9',
])('takes %s', (text) => expect(isCidr(text)).toBe(true))

it.each([
  '10.0.0.0',
  '10.0.0.0/33',
  '10.0.0/8',
  '256.0.0.0/8',
  '10.0.0.00/8',
  '10.0.0.0/08',
  ':::/1',
  '1::2::3/8',
  '1:2:3:4:5:6:7:8:9/8',
  '1:2:3:4:5:6:7/8',
  '::/129',
  '::ffff:1.2.3.4/96',
  'fe80::1%eth0/64',
  '12345::/16',
  '',
])('refuses %j', (text) => expect(isCidr(text)).toBe(false))

it('takes the addresses that Node takes, but for embedded ones', () => {
  const text = fc.string({
    unit: fc.constantFrom('0', '1', '2', 'f', '25', ':', '::', '.'),
    minLength: 1,
    maxLength: 14,
  })
  fc.assert(
    fc.property(text, (address) => {
      const isEmbedded = address.includes(':') && address.includes('.')
      expect(isCidr(`${address}/1`)).toBe(isIP(address) !== 0 && !isEmbedded)
    }),
    { numRuns: 20_000 },
  )
})
