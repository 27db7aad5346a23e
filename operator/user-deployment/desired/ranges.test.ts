import { expect, it } from 'vitest'

import { contains, PRIVATE_RANGES, reachOf } from './ranges.ts'

it.each([
  ['10.0.0.0/8', '10.1.2.0/24', true],
  ['10.0.0.0/8', '10.1.2.3/32', true],
  ['10.0.0.0/8', '11.0.0.0/8', false],
  ['10.0.0.0/8', '0.0.0.0/0', false],
  ['0.0.0.0/0', '255.255.255.255/32', true],
  ['fc00::/7', 'fd00:ec2::254/128', true],
  ['fc00::/7', '2001:db8::/32', false],
  ['::/0', '10.0.0.0/8', false],
  ['1:2:3:4:5:6:7:8/128', '1:2:3:4:5:6:7:8/128', true],
  ['::ffff:0:0/96', '::ffff:a00:1/128', true],
  ['nonsense', '10.0.0.0/8', false],
  ['10.0.0.0/8', '10.0.0.0/33', false],
  ['10.0.0.0/8', '10.0.0.256/32', false],
  ['::/0', '1::2::3/64', false],
])('%s contains %s: %s', (outer, inner, is) => {
  expect(contains(outer, inner)).toBe(is)
})

it('grants public addresses as they are asked for', () => {
  expect(reachOf('203.0.113.0/24')).toEqual({ cidr: '203.0.113.0/24', except: [] })
})

it('leaves what is private out of a range that is wider', () => {
  expect(reachOf('0.0.0.0/0')?.except).toContain('169.254.0.0/16')
  expect(reachOf('::/0')?.except).toContain('fc00::/7')
  expect(reachOf('172.0.0.0/8')).toEqual({ cidr: '172.0.0.0/8', except: ['172.16.0.0/12'] })
})

it.each([
  '169.254.169.254/32',
  '168.63.129.16/32',
  '10.96.0.1/32',
  '127.0.0.1/32',
  'fd00:ec2::254/128',
  '::1/128',
  '::ffff:a9fe:a9fe/128',
])('grants nothing of %s', (cidr) => {
  expect(reachOf(cidr)).toBeUndefined()
  expect(reachOf(cidr, ['10.5.0.0/16'])).toBeUndefined()
})

it('grants private ranges that the installation allows, and no wider ones', () => {
  expect(reachOf('10.5.1.0/24', ['10.5.0.0/16'])).toEqual({ cidr: '10.5.1.0/24', except: [] })
  expect(reachOf('10.0.0.0/8', ['10.5.0.0/16'])).toBeUndefined()
})

it('knows no range twice', () => {
  for (const range of PRIVATE_RANGES) {
    expect(
      PRIVATE_RANGES.filter((other) => contains(other, range)),
      range,
    ).toEqual([range])
  }
})
