import { expect, it } from 'vitest'
import { parseChallenge } from './challenge.ts'

it.each([
  [
    'Bearer realm="https://auth.example/token",service="registry.example",scope="repository:a/b:pull"',
    {
      scheme: 'bearer',
      realm: 'https://auth.example/token',
      service: 'registry.example',
      scope: 'repository:a/b:pull',
    },
  ],
  [
    'bearer  realm=https://auth.example/token , service = x',
    { scheme: 'bearer', realm: 'https://auth.example/token', service: 'x' },
  ],
  ['Bearer Realm="a\\"b"', { scheme: 'bearer', realm: 'a"b' }],
  ['Basic realm="x"', { scheme: 'basic' }],
  ['BASIC', { scheme: 'basic' }],
  [['Negotiate', 'Basic realm="x"', 'Bearer realm="y"'], { scheme: 'bearer', realm: 'y' }],
  ['Bearer service="x"', undefined],
  ['Negotiate', undefined],
  ['', undefined],
  [undefined, undefined],
])('reads %j', (header, challenge) => {
  expect(parseChallenge(header)).toEqual(challenge)
})

it('takes its time for nothing', () => {
  const began = performance.now()
  parseChallenge(`Bearer ${'realm="'.repeat(100_000)}`)
  parseChallenge(`Bearer realm="${'\\'.repeat(100_000)}`)
  expect(performance.now() - began).toBeLessThan(200)
})
