import type { Program } from './program.ts'

/** Cores of the machine on which the catalogue's build times were measured. */
const measuredCores = 2
/** Linking is one core's work and all that is left when the compiler's cache is warm. */
const linkMs = 8000
const quietMs = 3000
/** Who is late is not nearly done: the bar creeps on and never stands at its end. */
const overdue = 1.1
const unknownSeconds = 30

export interface BuildEstimate {
  /** Of a first build, with nothing in the compiler's cache. */
  readonly firstMs: number
  /** Called for every line that Go prints: it names what it downloads and compiles, and nothing when it only links. */
  isCompiling(): void
  /** The estimate after so long: that of a first build if Go compiles, else that of a mere link. */
  at(elapsedMs: number): number
}

/** How long a build takes: as measured, and made shorter by more cores. */
export function buildEstimate({ buildSeconds = unknownSeconds }: Program, cores: number): BuildEstimate {
  const compileMs = Math.max(0, buildSeconds * 1000 - linkMs)
  const lastMs = Math.min(linkMs, buildSeconds * 1000)
  const firstMs = Math.round(compileMs * (measuredCores / Math.max(1, cores)) + lastMs)
  let compiling = false
  return {
    firstMs,
    isCompiling: () => {
      compiling = true
    },
    at(elapsedMs) {
      const expectedMs = compiling || elapsedMs < quietMs ? firstMs : lastMs
      return Math.round(Math.max(expectedMs, elapsedMs * overdue))
    },
  }
}
