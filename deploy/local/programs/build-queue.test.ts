import { setTimeout as sleep } from 'node:timers/promises'

import { expect, it } from 'vitest'

import { BuildQueue, type Ticket } from './build-queue.ts'

const never = new AbortController().signal

function recorder(): { order: string[]; build: (ticket: Ticket, name: string) => Promise<void> } {
  const order: string[] = []
  const build = (ticket: Ticket, name: string): Promise<void> =>
    ticket.build(async () => {
      order.push(`${name} begins`)
      await sleep(5)
      order.push(`${name} ends`)
    }, never)
  return { order, build }
}

it('builds one at a time, the most urgent first, whatever the order of asking', async () => {
  const queue = new BuildQueue()
  const { order, build } = recorder()
  const tickets = { kwok: queue.ticket(3), kubelet: queue.ticket(2), etcd: queue.ticket(1) }
  const builds = Object.entries(tickets).map(async ([name, ticket]) => {
    await build(ticket, name)
    ticket.close()
  })
  await Promise.all(builds)
  expect(order.filter((line) => line.endsWith('begins'))).toEqual([
    'etcd begins',
    'kubelet begins',
    'kwok begins',
  ])
  expect(order[1]).toBe('etcd ends')
})

it('waits for a more urgent program that has not said yet whether it must be built', async () => {
  const queue = new BuildQueue()
  const { order, build } = recorder()
  const urgent = queue.ticket(1)
  const lesser = build(queue.ticket(2), 'lesser')
  await sleep(20)
  expect(order).toEqual([])
  const first = build(urgent, 'urgent')
  urgent.close()
  await Promise.all([first, lesser])
  expect(order[0]).toBe('urgent begins')
})

it('does not wait for a more urgent program that is being downloaded', async () => {
  const queue = new BuildQueue()
  const { order, build } = recorder()
  queue.ticket(1).aside()
  await build(queue.ticket(2), 'lesser')
  expect(order).toEqual(['lesser begins', 'lesser ends'])
})

it('goes on after a build that failed, and after one that was given up while it waited', async () => {
  const queue = new BuildQueue()
  const { order, build } = recorder()
  const failing = queue.ticket(1)
  const failed = failing.build(async () => {
    await sleep(10)
    throw new Error('does not compile')
  }, never)
  const stop = new AbortController()
  const waiting = queue.ticket(2)
  const stopped = waiting.build(() => Promise.resolve(order.push('never')), stop.signal)
  stop.abort(new Error('given up'))
  await expect(stopped).rejects.toThrow('given up')
  waiting.close()
  await expect(failed).rejects.toThrow('does not compile')
  failing.close()
  await build(queue.ticket(3), 'next')
  expect(order).toEqual(['next begins', 'next ends'])
})
