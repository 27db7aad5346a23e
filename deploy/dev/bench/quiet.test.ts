import { expect, it } from 'vitest'

import { untilQuiet } from './quiet.ts'

async function wait(loads: number[]): Promise<{ load: number; pauses: number }> {
  let pauses = 0
  const load = await untilQuiet({
    foreignLoad: () => Promise.resolve(loads.shift() ?? Number.NaN),
    pause: () => Promise.resolve(void (pauses += 1)),
  })
  return { load, pauses }
}

it('goes on as soon as others are quiet', async () => {
  expect(await wait([0.5])).toEqual({ load: 0.5, pauses: 0 })
  expect(await wait([2, 0.6, 0.1])).toEqual({ load: 0.1, pauses: 2 })
})

it('goes on after a while in any case, and says how busy they are', async () => {
  expect(await wait([1, 1, 1, 1, 1.5, 0])).toEqual({ load: 1.5, pauses: 4 })
})
