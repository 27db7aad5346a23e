/**
 * Interleaved comparison: A B A B …, so that what changes on the machine meets all variants alike. A round
 * that begins while other processes are busy is not counted.
 */
import { machineProbe, type LoopDelay, type Probe } from './probe.ts'
import { summarise, type Compared, type Sample } from './statistics.ts'

/** Cores that others may keep busy at the start of a round. */
const FOREIGN_LOAD_LIMIT = 0.5
const PAUSE_MS = 2000
/** So many rounds may be put off for each that is wanted, before it is given up. */
const PATIENCE = 3

export interface Variant {
  name: string
  /** One execution. What must not be measured belongs before or after the comparison. */
  run(): Promise<unknown>
}

export interface CompareOptions {
  rounds: number
  /** Executions of each variant before the first round, for caches and compilers. */
  warmups?: number
  probe?: Probe
  signal?: AbortSignal
}

export interface Comparison {
  rounds: number
  /** Rounds that were not begun, because others kept the machine busy. */
  putOff: number
  /** By the variant's name. */
  variants: Record<string, Compared>
  loopDelay: LoopDelay
}

/**
 * Compares variants of the same work.
 *
 * @param variants the first one is the yardstick (the peer, or the floor) of all ratios
 * @throws when the machine is busy with other work for too long
 */
export async function compare(variants: readonly Variant[], options: CompareOptions): Promise<Comparison> {
  const { rounds, warmups = 1, probe = machineProbe(), signal } = options
  for (let warmup = 0; warmup < warmups; warmup += 1) await eachOnce(variants, probe)

  const endWatch = probe.watchLoop()
  const samples: Sample[][] = []
  let putOff = 0
  while (samples.length < rounds) {
    signal?.throwIfAborted()
    const load = await probe.foreignLoad()
    if (load <= FOREIGN_LOAD_LIMIT) {
      samples.push(await eachOnce(variants, probe))
    } else {
      putOff += 1
      if (putOff > rounds * PATIENCE) throw busy(load)
      await probe.pause(PAUSE_MS)
    }
  }
  const compared = summarise(samples)
  return {
    rounds,
    putOff,
    variants: Object.fromEntries(variants.map(({ name }, index) => [name, found(compared[index])])),
    loopDelay: endWatch(),
  }
}

async function eachOnce(variants: readonly Variant[], probe: Probe): Promise<Sample[]> {
  const samples: Sample[] = []
  for (const variant of variants) {
    const cpu = probe.cpuMs()
    const started = probe.now()
    await variant.run()
    const wallMs = probe.now() - started
    samples.push({ wallMs, cpuMs: probe.cpuMs() - cpu })
  }
  return samples
}

function found(compared: Compared | undefined): Compared {
  if (!compared) throw new Error('A comparison needs at least one round and one variant.')
  return compared
}

const busy = (load: number): Error =>
  new Error(
    `Other programs keep ${load.toFixed(1)} cores of this machine busy, so nothing can be compared on it. ` +
      'End them, or wait until they are done, and run the benchmark again.',
  )
