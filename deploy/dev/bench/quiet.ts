import type { Probe } from './probe.ts'

/** Cores that others may keep busy at the start of a round. */
const LIMIT = 0.5
const PAUSE_MS = 1_000
const LOOKS = 5

/**
 * Waits a few seconds for a moment in which others leave the machine alone, for benchmarks too long to be given up:
 * what they tell must then say how busy the machine was.
 *
 * @returns how many cores others keep busy, when the round begins
 */
export async function untilQuiet(probe: Pick<Probe, 'foreignLoad' | 'pause'>): Promise<number> {
  for (let look = 1; ; look++) {
    const load = await probe.foreignLoad()
    if (load <= LIMIT || look === LOOKS) return load
    await probe.pause(PAUSE_MS)
  }
}
