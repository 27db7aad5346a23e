import { expect } from 'vitest'

import { isSameJson } from '../../src/kubernetes/canonical.ts'

/** `toEqual` for thousands of cases: equal at a glance, and what differs is worth a longer look. */
export function expectSame(end: unknown, wanted: unknown): void {
  if (!isSameJson(end, wanted)) expect(end).toEqual(wanted)
}
