import { expect, it } from 'vitest'

import { metric } from './definition.ts'
import { isKept, toText } from './report.ts'

const machine = { cpu: 'Fast One', cores: 2, memoryGiB: 24, system: 'Linux 6', node: 'v24.0.0', load: 0.5 }
const kept = metric({ key: 'ready', value: 12.3456, unit: 's', atMost: 18 })
const missed = metric({ key: 'memory', value: 2048.7, unit: 'MiB', atMost: 1638, note: 'at rest' })

it('shows values with the digits that count, and shouts at a goal that is missed', () => {
  const text = toText({
    name: 'stack',
    machine,
    metrics: [kept, missed, metric({ key: 'n', value: 0, unit: '' })],
  })
  expect(text.split('\n')).toEqual([
    'metric  value  unit  goal    kept  note',
    '------  -----  ----  ------  ----  -------',
    'ready    12.3  s     ≤ 18    yes',
    'memory   2049  MiB   ≤ 1638  NO    at rest',
    'n           0',
    '',
    'Fast One, 2 cores, 24 GiB, Linux 6, Node v24.0.0, load 0.5',
    '',
  ])
})

it('is kept only when there is something, and all of it is', () => {
  expect(isKept({ name: 'a', machine, metrics: [kept] })).toBe(true)
  expect(isKept({ name: 'a', machine, metrics: [kept, missed] })).toBe(false)
  expect(isKept({ name: 'a', machine, metrics: [] })).toBe(false)
})
