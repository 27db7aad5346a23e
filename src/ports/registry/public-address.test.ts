import { type LookupAddress } from 'node:dns'
import { describe, expect, it } from 'vitest'
import { isPublicAddress, publicLookup, refuseLiteral } from './public-address.ts'

it.each(['1.1.1.1', '8.8.8.8', '172.15.255.255', '172.32.0.1', '2606:4700::1111', '2a00:1450::8a'])(
  'takes %s for public',
  (address) => {
    expect(isPublicAddress(address)).toBe(true)
  },
)

it.each([
  '0.0.0.0',
  '10.1.2.3',
  '100.64.0.1',
  '127.0.0.1',
  '127.255.255.254',
  '169.254.169.254',
  '168.63.129.16',
  '172.16.0.1',
  '172.31.255.255',
  '192.168.1.1',
  '198.18.0.1',
  '224.0.0.1',
  '255.255.255.255',
  '::',
  '::1',
  '::ffff:10.0.0.1',
  '::ffff:8.8.8.8',
  '64:ff9b::a00:1',
  '2001:db8::1',
  '2001::1',
  '2002:a00:1::',
  'fc00::1',
  'fd00:ec2::254',
  'fe80::1',
  'fe80::1%eth0',
  'ff02::1',
  'localhost',
  '',
])('takes %s for no public address', (address) => {
  expect(isPublicAddress(address)).toBe(false)
})

describe('the look-up', () => {
  const answering = (...addresses: string[]) =>
    publicLookup((_, __, callback) =>
      callback(
        null,
        addresses.map((address): LookupAddress => ({ address, family: address.includes(':') ? 6 : 4 })),
      ),
    )
  const ask = async (lookup: ReturnType<typeof publicLookup>, options: object): Promise<unknown> =>
    new Promise((resolve, reject) =>
      lookup('registry.example', options, (error, address) => (error ? reject(error) : resolve(address))),
    )

  it('gives the addresses that it checked', async () => {
    const lookup = answering('8.8.8.8', '2606:4700::1111')
    expect(await ask(lookup, { all: true })).toHaveLength(2)
    expect(await ask(lookup, { all: true, family: 6 })).toEqual([{ address: '2606:4700::1111', family: 6 }])
    expect(await ask(lookup, {})).toBe('8.8.8.8')
  })

  it('refuses a name one of whose addresses is not public, and a name without any', async () => {
    const refusal = { code: 'EADDRREFUSED' }
    await expect(ask(answering('8.8.8.8', '10.0.0.1'), { all: true })).rejects.toMatchObject(refusal)
    await expect(ask(answering('8.8.8.8', '::1'), { family: 4 })).rejects.toMatchObject(refusal)
    await expect(ask(answering(), { all: true })).rejects.toMatchObject(refusal)
  })
})

it.each([
  'https://127.0.0.1/',
  'https://2130706433/',
  'https://0x7f.1/',
  'https://017700000001/',
  'https://[::1]:5000/',
  'https://[::ffff:127.0.0.1]/',
  'https://169.254.169.254/latest',
  'https://10.0.0.1:443/',
])('refuses the address %s however it is written', (text) => {
  expect(() => refuseLiteral(new URL(text))).toThrow('is not public')
})

it('leaves names to the look-up and takes public addresses', () => {
  for (const text of ['https://ghcr.io/', 'https://8.8.8.8/']) {
    expect(() => refuseLiteral(new URL(text))).not.toThrow()
  }
})
