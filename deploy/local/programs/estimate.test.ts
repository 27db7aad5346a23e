import { expect, it } from 'vitest'

import { buildEstimate } from './estimate.ts'
import { aProgram } from './testing/store-in.ts'

const traefik = aProgram('traefik', { buildSeconds: 208 })

it('promises what was measured on two cores, and less with more cores, linking excepted', () => {
  expect(buildEstimate(traefik, 2).firstMs).toBe(208_000)
  expect(buildEstimate(traefik, 8).firstMs).toBe(58_000)
  expect(buildEstimate(traefik, 1).firstMs).toBe(408_000)
})

it('promises only a link when nothing is compiled, and corrects that when something is', () => {
  const estimate = buildEstimate(traefik, 2)
  expect(estimate.at(1000)).toBe(208_000)
  expect(estimate.at(4000)).toBe(8000)
  estimate.isCompiling()
  expect(estimate.at(4500)).toBe(208_000)
})

it('never promises that it is done', () => {
  const estimate = buildEstimate(traefik, 2)
  estimate.isCompiling()
  expect(estimate.at(300_000)).toBe(330_000)
})
