import { expect, it } from 'vitest'

import { compare, type Variant } from './compare.ts'
import { machineProbe, type Probe } from './probe.ts'

/** A machine on which time passes only when a variant says so. */
function fakeMachine(loads: number[] = []): {
  probe: Probe
  spend(wallMs: number, cpuMs: number): void
  pauses: number[]
} {
  let wall = 0
  let cpu = 0
  const pauses: number[] = []
  return {
    pauses,
    spend(wallMs, cpuMs) {
      wall += wallMs
      cpu += cpuMs
    },
    probe: {
      now: () => wall,
      cpuMs: () => cpu,
      foreignLoad: () => Promise.resolve(loads.shift() ?? 0),
      pause: (ms) => {
        pauses.push(ms)
        return Promise.resolve()
      },
      watchLoop: () => () => ({ p99Ms: 1, maxMs: 2 }),
    },
  }
}

const variant = (name: string, run: () => unknown): Variant => ({ name, run: () => Promise.resolve(run()) })

it('runs the variants in turn, after a warm-up that does not count', async () => {
  const machine = fakeMachine()
  const order: string[] = []
  const spending = (name: string, costs: number[]): Variant =>
    variant(name, () => {
      order.push(name)
      const cost = costs.shift() ?? 0
      machine.spend(cost, cost / 2)
    })
  const result = await compare([spending('floor', [99, 10, 10]), spending('ours', [99, 20, 40])], {
    rounds: 2,
    probe: machine.probe,
  })
  expect(order).toEqual(['floor', 'ours', 'floor', 'ours', 'floor', 'ours'])
  expect(result).toMatchObject({ rounds: 2, putOff: 0, loopDelay: { p99Ms: 1, maxMs: 2 } })
  expect(result.variants.ours).toEqual({
    wallMs: { median: 30, min: 20, max: 40 },
    cpuMs: { median: 15, min: 10, max: 20 },
    wallRatio: { median: 3, min: 2, max: 4 },
    cpuRatio: { median: 3, min: 2, max: 4 },
  })
})

it('puts a round off while others are busy', async () => {
  const machine = fakeMachine([0.6, 2, 0.5, 0.1])
  let runs = 0
  const result = await compare([variant('a', () => (runs += 1))], {
    rounds: 2,
    warmups: 0,
    probe: machine.probe,
  })
  expect({ putOff: result.putOff, runs, pauses: machine.pauses.length }).toEqual({
    putOff: 2,
    runs: 2,
    pauses: 2,
  })
})

it('gives up on a machine that stays busy, and says what to do', async () => {
  const machine = fakeMachine(Array.from({ length: 50 }, () => 1.26))
  const comparison = compare([variant('a', () => undefined)], { rounds: 2, probe: machine.probe })
  await expect(comparison).rejects.toThrow('Other programs keep 1.3 cores of this machine busy')
  expect(machine.pauses).toHaveLength(6)
})

it('stops between rounds when it is told to', async () => {
  const controller = new AbortController()
  const machine = fakeMachine()
  const comparison = compare([variant('a', () => controller.abort(new Error('enough')))], {
    rounds: 5,
    warmups: 0,
    probe: machine.probe,
    signal: controller.signal,
  })
  await expect(comparison).rejects.toThrow('enough')
})

it('lets an error of a variant through', async () => {
  const failing: Variant = { name: 'a', run: () => Promise.reject(new Error('it broke')) }
  await expect(compare([failing], { rounds: 1, probe: fakeMachine().probe })).rejects.toThrow('it broke')
})

/** By processor time, because on a busy machine the clock runs without us. */
function burn(ms: number): void {
  const before = process.cpuUsage()
  while (process.cpuUsage(before).user < ms * 1000);
}

it.runIf(process.platform === 'linux')(
  'sees the time that this process spends, on this machine',
  async () => {
    const probe = machineProbe()
    const cpu = probe.cpuMs()
    const endWatch = probe.watchLoop()
    await probe.pause(20)
    burn(150)
    await probe.pause(20)
    expect(probe.cpuMs() - cpu).toBeGreaterThanOrEqual(150)
    expect(endWatch().maxMs).toBeGreaterThan(100)
    expect(await probe.foreignLoad()).toBeGreaterThanOrEqual(0)
  },
)
