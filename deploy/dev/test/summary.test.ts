import { expect, it } from 'vitest'

import { lost, report, total, type Summary } from './summary.ts'

const summary = (values: Partial<Summary>): Summary => ({
  ...lost('unit', 1),
  failed: 0,
  failures: [],
  ...values,
})

it('ends with the line that scripts read', () => {
  const text = report([summary({ passed: 5, skipped: 1 }), summary({ passed: 2, failed: 3 })], 12.34)
  expect(text).toMatch(/\ntook 12\.3 s\n7 passed, 3 failed, 1 skipped\n$/)
})

it('gives each project a row, and the reasons of what was skipped', () => {
  const text = report([summary({ passed: 5, skipped: 2, files: 3, reasons: { 'needs root': 2 } })], 1)
  expect(text).toMatch(/^project +files +passed +failed +skipped +seconds\n/)
  expect(text).toMatch(/\nunit +3 +5 +0 +2 +1\.0\n/)
  expect(text).toContain('\nskipped in unit: 2 (needs root)\n')
})

it('counts a project that vanished as one failure', () => {
  expect(total([summary({ passed: 5 }), lost('cluster', 1)])).toMatchObject({ failed: 1, ok: false })
})

it('does not look green when there was no test', () => {
  expect(total([]).ok).toBe(false)
  expect(total([summary({ skipped: 3 })]).ok).toBe(false)
  expect(report([], 1)).toMatch(/No test was found\. .+\n0 passed, 0 failed, 0 skipped\n$/)
})

it('names files that define no test', () => {
  expect(report([summary({ passed: 1, empty: ['src/a.test.ts'] })], 1)).toContain(
    'no test at this level: src/a.test.ts',
  )
})

it('says at the very end what failed, after everything that a long log says before', () => {
  const failures = ['src/a.test.ts > adds: expected 3 to be 4']
  const text = report([summary({ passed: 1, failed: 1, failures }), lost('cluster', 1)], 1)
  expect(text.split('\n').slice(-5, -3)).toEqual([
    'failed in unit: src/a.test.ts > adds: expected 3 to be 4',
    'failed in cluster: ended without a result',
  ])
})
