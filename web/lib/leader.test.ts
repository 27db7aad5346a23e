import { setTimeout as sleep } from 'node:timers/promises'
import { expect, it, vi } from 'vitest'

import { leadWhenAlone, takePlace } from './leader.ts'

/** Locks outlive a test, so each has names of its own. */
let names = 0
const freshName = () => `leader-test-${(names += 1)}`

it('lets one lead at a time, and the next when that one has gone', async () => {
  const name = freshName()
  const log: string[] = []
  const tab = (who: string, stopping: AbortController) =>
    leadWhenAlone(name, () => (log.push(`${who} leads`), () => log.push(`${who} stops`)), stopping.signal)
  const [a, b] = [new AbortController(), new AbortController()]
  tab('a', a)
  tab('b', b)
  await sleep(20)
  expect(log).toEqual(['a leads'])
  a.abort()
  await vi.waitFor(() => expect(log).toEqual(['a leads', 'a stops', 'b leads']))
  b.abort()
  await vi.waitFor(() => expect(log.at(-1)).toBe('b stops'))
})

it('begins nothing for a tab that goes while it waits', async () => {
  const name = freshName()
  const [a, b] = [new AbortController(), new AbortController()]
  const lead = vi.fn<() => () => void>(() => () => undefined)
  leadWhenAlone(name, () => () => undefined, a.signal)
  leadWhenAlone(name, lead, b.signal)
  await sleep(10)
  b.abort()
  a.abort()
  await sleep(20)
  expect(lead).not.toHaveBeenCalled()
})

it('gives out so many places and no more, and takes back what is left', async () => {
  const name = freshName()
  const tabs = Array.from({ length: 3 }, () => new AbortController())
  const take = async (tab: AbortController | undefined) => tab && takePlace(name, 2, tab.signal)
  expect([await take(tabs[0]), await take(tabs[1]), await take(tabs[2])]).toEqual([true, true, false])
  tabs[0]?.abort()
  await vi.waitFor(async () => expect(await take(tabs[2])).toBe(true))
  for (const tab of tabs) tab.abort()
})
