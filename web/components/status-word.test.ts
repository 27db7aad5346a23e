import { expect, it } from 'vitest'

import { statusWord } from './status-word.ts'

it('names the phase of what is to run', () => {
  for (const phase of ['Pending', 'Provisioning', 'Ready', 'Error', 'Deleting'] as const) {
    expect(statusWord({ phase, suspended: false })).toBe(phase)
  }
})

it('says plainly that something is stopped, and does not hide an error behind it', () => {
  expect(statusWord({ phase: 'Ready', suspended: true })).toBe('Stopped')
  expect(statusWord({ phase: 'Provisioning', suspended: true })).toBe('Stopping')
  expect(statusWord({ phase: 'Error', suspended: true })).toBe('Error')
  expect(statusWord({ phase: 'Deleting', suspended: true })).toBe('Deleting')
})
