import fc from 'fast-check'
import { expect, it } from 'vitest'
import { isSameQuantity } from './quantity.ts'

it.each([
  ['0.5', '500m'],
  ['1', '1000m'],
  ['1Gi', '1024Mi'],
  ['1Gi', '1073741824'],
  ['1.5Gi', '1536Mi'],
  ['100M', '0.1G'],
  ['1e3', '1k'],
  ['1E3', '1000'],
  ['12e-1', '1.2'],
  ['-1', '-1000m'],
  ['.5', '500m'],
  ['5.', '5'],
  ['1000000000n', '1'],
  ['1000000u', '1'],
  ['1Ei', '1024Pi'],
])('knows that %s is %s', (a, b) => {
  expect(isSameQuantity(a, b)).toBe(true)
  expect(isSameQuantity(b, a)).toBe(true)
})

it('compares numbers with texts', () => {
  expect(isSameQuantity(2, '2000m')).toBe(true)
})

it.each([
  ['1', '1001m'],
  ['1G', '1Gi'],
  ['1M', '1m'],
  ['', ''],
  ['x', 'x'],
  ['1Xi', '1Xi'],
  ['.', '.'],
  ['1 ', '1'],
  ['1e9999', '1e9999'],
])('knows that %j is not the quantity %j', (a, b) => {
  expect(isSameQuantity(a, b)).toBe(false)
})

it('agrees with arithmetic', () => {
  const suffixes = { '': 1, k: 1e3, M: 1e6, Ki: 1024, Mi: 1024 ** 2 }
  const amount = fc.record({
    n: fc.nat(4096),
    suffix: fc.constantFrom(...(Object.keys(suffixes) as (keyof typeof suffixes)[])),
  })
  fc.assert(
    fc.property(amount, amount, (a, b) => {
      const isSame = a.n * suffixes[a.suffix] === b.n * suffixes[b.suffix]
      expect(isSameQuantity(`${a.n}${a.suffix}`, `${b.n}${b.suffix}`)).toBe(isSame)
    }),
    { numRuns: 2_000 },
  )
})
