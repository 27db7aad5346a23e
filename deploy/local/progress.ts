import type { ProgramEvent } from './programs/store.ts'
import type { ComponentState } from './supervisor.ts'

/** Shows people how far a stack is: a panel that redraws itself at a terminal, plain lines elsewhere. */
export interface Progress {
  component(state: ComponentState): void
  program(event: ProgramEvent): void
  /** Takes the panel away; what was printed stays. */
  end(): void
}

interface Sink {
  readonly isTTY?: boolean
  write(text: string): unknown
}

/** Without a terminal a long build is mentioned this often. */
const plainEveryMs = 20_000

export function createProgress(out: Sink): Progress {
  const programs = new Map<string, ProgramEvent>()
  const components = new Map<string, ComponentState>()
  const startedAt = performance.now()
  const stamp = (): string => `${((performance.now() - startedAt) / 1000).toFixed(1).padStart(6)} s  `
  let drawn = 0
  let lastPlainAt = 0

  const erase = (): void => {
    if (drawn > 0) out.write(`\u001B[${drawn}A\u001B[0J`)
    drawn = 0
  }
  const draw = (): void => {
    if (!out.isTTY) return
    const lines = panel([...components.values()], [...programs.values()])
    erase()
    for (const line of lines) out.write(`${line}\n`)
    drawn = lines.length
  }
  const say = (line: string): void => {
    erase()
    out.write(`${stamp()}${line}\n`)
    draw()
  }

  return {
    component(state) {
      const before = components.get(state.name)
      components.set(state.name, state)
      const line = before?.phase === state.phase ? undefined : lineFor(state)
      if (line === undefined) draw()
      else say(line)
    },
    program(event) {
      const before = programs.get(event.name)
      programs.set(event.name, event)
      if (event.phase === 'ready' || event.phase === 'failed') programs.delete(event.name)
      const isNews =
        before?.phase !== event.phase && (event.phase === 'building' || event.phase === 'downloading')
      const isDue = performance.now() - lastPlainAt > plainEveryMs && bar(event) !== undefined
      if (out.isTTY || !(isNews || isDue)) {
        draw()
        return
      }
      lastPlainAt = performance.now()
      say(describe(event))
    },
    end: erase,
  }
}

/** Lines worth keeping on the screen: what is ready, what died and why. */
function lineFor(state: ComponentState): string | undefined {
  if (state.phase === 'ready') return `${state.about} is ready`
  if (state.phase === 'down' && state.readyAfterMs !== undefined)
    return `${state.about} is down: ${state.reason ?? 'it ended'}`
  return undefined
}

/** What is still to come: programs being fetched or built, and the parts that wait. */
function panel(components: readonly ComponentState[], programs: readonly ProgramEvent[]): string[] {
  const waiting = components.filter((each) => each.phase !== 'ready' && each.phase !== 'stopped')
  const names = waiting.map((each) => each.about).join(', ')
  const busy = programs.filter((event) => bar(event) !== undefined)
  return [
    ...busy.map((event) => `  ${describe(event)}`),
    ...(names ? [`  still to come: ${names}`.slice(0, 120)] : []),
  ]
}

export function describe(event: ProgramEvent): string {
  const doing = event.phase === 'building' ? 'building' : 'fetching'
  return `${doing} ${event.name} ${event.version} ${bar(event) ?? ''}`.trimEnd()
}

/** `[#####-----]  42 %, about 120 s left`; nothing when there is nothing to measure. */
export function bar(event: ProgramEvent): string | undefined {
  const { elapsedMs, estimatedMs, receivedBytes, totalBytes } = event
  if (event.phase === 'building' && elapsedMs !== undefined && estimatedMs) {
    const left = Math.max(0, Math.round((estimatedMs - elapsedMs) / 1000))
    const note = left > 0 ? `about ${left} s left` : 'longer than estimated'
    return `${drawBar(Math.min(elapsedMs / estimatedMs, 0.99))}, ${note}`
  }
  if (event.phase === 'downloading' && receivedBytes !== undefined && totalBytes)
    return drawBar(receivedBytes / totalBytes)
  return undefined
}

function drawBar(share: number): string {
  const width = 24
  const full = Math.round(share * width)
  return `[${'#'.repeat(full)}${'-'.repeat(width - full)}] ${String(Math.round(share * 100)).padStart(3)} %`
}
