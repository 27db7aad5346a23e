import { expect, it } from 'vitest'

import {
  parseBusy,
  parseProcess,
  readBusy,
  readProcesses,
  ticksOfTree,
  type ProcessTimes,
} from './processes.ts'

const fields = '20 0 1 0 100 0 0 0'

it('reads a process whose name tries to look like something else', () => {
  const stat = `42 (a) b (c) S 7 42 42 0 -1 4194304 1 2 3 4 11 22 33 44 ${fields}`
  expect(parseProcess(stat)).toEqual({ pid: 42, parent: 7, ticks: 33, childTicks: 77 })
})

it('counts used and stolen time as busy, but neither idle time nor waiting', () => {
  const stat = 'cpu  1 2 4 1000 2000 8 16 32 64 128\ncpu0 9 9 9 9 9 9 9 9 9 9\n'
  expect(parseBusy(stat)).toBe(1 + 2 + 4 + 8 + 16 + 32)
})

const timesOf = ([pid, parent, ticks, childTicks = 0]: [number, number, number, number?]): ProcessTimes => ({
  pid,
  parent,
  ticks,
  childTicks,
})

it('adds up a tree in any order, and leaves out the others', () => {
  const processes = [
    timesOf([30, 20, 4]),
    timesOf([20, 10, 2, 8]),
    timesOf([10, 1, 1]),
    timesOf([11, 1, 100]),
    timesOf([1, 0, 1000]),
  ]
  expect(ticksOfTree(processes, [10])).toBe(1 + 2 + 8 + 4)
  expect(ticksOfTree(processes, [10, 11])).toBe(115)
  expect(ticksOfTree(processes, [99])).toBe(0)
})

it.runIf(process.platform === 'linux')('finds this very process on this machine', () => {
  const self = readProcesses().find(({ pid }) => pid === process.pid)
  expect(self).toMatchObject({ parent: process.ppid })
  expect(readBusy()).toBeGreaterThan(self?.ticks ?? Number.POSITIVE_INFINITY)
})
