import { expect } from 'vitest'

import { isEqual } from './memory-fields.ts'

/** `toEqual` for thousands of cases: equal at a glance, and what differs is worth a longer look. */
export function expectSame(end: unknown, wanted: unknown): void {
  if (!isEqual(end, wanted)) expect(end).toEqual(wanted)
}
