import { expect, it } from 'vitest'
import { FakeClock } from '../../src/kubernetes/testing/fake-clock.ts'
import { tidyAtRest } from './tidy-at-rest.ts'

/** An event loop that is as busy as a test says: active milliseconds in each period of three seconds. */
async function collectionsIn(periods: readonly number[]): Promise<boolean[]> {
  const clock = new FakeClock()
  let [active, collections] = [0, 0]
  const stop = tidyAtRest({ clock, loop: () => ({ active }), collect: () => collections++ })
  const seen: boolean[] = []
  for (const busy of periods) {
    const before = collections
    active += busy
    await clock.advance(3_000)
    seen.push(collections > before)
  }
  stop()
  active += 10_000
  await clock.advance(60_000)
  expect(collections).toBe(seen.filter(Boolean).length)
  return seen
}

it('collects once when work has come to rest', async () => {
  expect(await collectionsIn([4_000, 4_000, 10, 10, 10])).toEqual([false, false, true, false, false])
})

it('collects not while there is work, and not for a little', async () => {
  expect(await collectionsIn([300, 300, 300, 10, 10])).toEqual([false, false, false, false, false])
  expect(await collectionsIn(Array.from({ length: 9 }, () => 160))).not.toContain(true)
})

it('collects again when little has become much', async () => {
  const seen = await collectionsIn(Array.from({ length: 30 }, () => 110))
  expect(seen.filter(Boolean)).toHaveLength(3)
})
