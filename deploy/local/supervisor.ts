import { setTimeout as sleep } from 'node:timers/promises'
import type { ClusterApi } from './cluster-api.ts'
import type { Command, Component, StackEnv, StartContext } from './component.ts'
import { launch, type Launched } from './launch.ts'
import { assertNeedsExist, needsOf, stopOrder } from './order.ts'
import { identify } from './processes.ts'
import type { ProgramName, ProgramStore } from './programs/store.ts'
import type { Site } from './site.ts'

/** `waiting` for what it needs, `fetching` programs, `starting`, `ready`, or `down` between two attempts. */
export type Phase = 'waiting' | 'fetching' | 'starting' | 'ready' | 'down' | 'stopped'

export interface ComponentState {
  readonly name: string
  readonly about: string
  readonly phase: Phase
  readonly pid: number | undefined
  /** How often it was started again after it had been ready. */
  readonly restarts: number
  /** Why it is not ready, in the words of the last attempt. */
  readonly reason: string | undefined
  /** Milliseconds from the supervisor's start to the first time that it was ready. */
  readonly readyAfterMs: number | undefined
}

export interface SupervisorOptions {
  readonly site: Site
  readonly components: readonly Component[]
  readonly programs: ProgramStore
  readonly cluster: ClusterApi
  readonly env: StackEnv
  readonly onChange?: (state: ComponentState) => void
}

interface Unit {
  readonly component: Component
  phase: Phase
  reason: string | undefined
  restarts: number
  readyAfterMs: number | undefined
  /** It was never ready, and no more attempts are made. */
  failure: Error | undefined
  launched: Launched | undefined
  /** Ends the attempt or the run that is under way, because what it lives within has died. */
  life: AbortController
  loop: Promise<void>
}

/** A component that does not become ready within this time is ended and tried again. */
const readyTimeoutMs = 120_000
/** This many failed attempts in a row, before it was ever ready, and the stack gives up. */
const attemptsAtFirst = 3

/**
 * Keeps a set of components running: starts each when what it needs is ready, side by side where it can,
 * and starts again what dies. It decides from phases alone and knows no component by name.
 */
export class Supervisor {
  readonly #options: SupervisorOptions
  readonly #units = new Map<string, Unit>()
  readonly #ending = new AbortController()
  readonly #startedAt = performance.now()
  readonly #waiters = new Set<() => void>()

  constructor(options: SupervisorOptions) {
    this.#options = options
    for (const component of options.components) {
      this.#units.set(component.name, {
        component,
        phase: 'waiting',
        reason: undefined,
        restarts: 0,
        readyAfterMs: undefined,
        failure: undefined,
        launched: undefined,
        life: new AbortController(),
        loop: Promise.resolve(),
      })
    }
    assertNeedsExist(options.components)
  }

  /** Starts everything; `untilReady` tells when it is up. */
  start(): void {
    this.#askForPrograms()
    for (const unit of this.#units.values()) unit.loop = this.#keepRunning(unit)
  }

  /**
   * The store builds in the order of its catalogue, of what it has been asked for: so it is asked for all at
   * once. Each component asks again for its own, and hears there what went wrong.
   */
  #askForPrograms(): void {
    const names = new Set(this.#options.components.flatMap((component) => component.programs ?? []))
    for (const name of names) this.#options.programs.get(name, this.#ending.signal).catch(() => undefined)
  }

  /** Resolves when the named components (default: all) are ready. Rejects when one can't be started. */
  async untilReady(names: readonly string[] = [...this.#units.keys()]): Promise<void> {
    const units = names.map((name) => this.#unit(name))
    await this.#until(() => areReady(units))
  }

  states(): ComponentState[] {
    return [...this.#units.values()].map(stateOf)
  }

  /** Ends everything, dependents before what they need, and takes back what was made on the machine. */
  async stop(): Promise<void> {
    this.#ending.abort()
    this.#changed()
    for (const wave of stopOrder(this.#options.components)) {
      await Promise.all(wave.map(async (component) => this.#end(this.#unit(component.name))))
    }
  }

  async #end(unit: Unit): Promise<void> {
    unit.life.abort()
    await unit.loop
    await this.#endProcess(unit)
    await unit.component.stop?.(this.#options.site)
    this.#enter(unit, 'stopped')
  }

  async #keepRunning(unit: Unit): Promise<void> {
    let failures = 0
    while (!this.#ending.signal.aborted) {
      unit.life = new AbortController()
      const wasReady = await this.#live(unit)
      this.#enter(unit, 'down')
      this.#endThoseWithin(unit.component.name)
      await this.#endProcess(unit)
      if (this.#ending.signal.aborted) return
      if (wasReady) unit.restarts += 1
      if (wasReady) failures = 0
      else if (!unit.life.signal.aborted) failures += 1
      if (failures >= attemptsAtFirst && unit.readyAfterMs === undefined) {
        this.#fail(unit)
        return
      }
      await sleep(Math.min(100 * 2 ** failures, 5_000), undefined, { signal: this.#ending.signal }).catch(
        () => undefined,
      )
    }
  }

  /** One life: wait, fetch, start, be ready, and stay until it dies. Answers whether it was ever ready. */
  async #live(unit: Unit): Promise<boolean> {
    const { component } = unit
    const { signal } = unit.life
    try {
      this.#enter(unit, 'waiting')
      const needs = needsOf(component).map((need) => this.#unit(need))
      await this.#until(() => signal.aborted || areReady(needs))
      signal.throwIfAborted()
      const context = await this.#contextFor(unit)
      this.#enter(unit, 'starting')
      const command = await component.start(context)
      if (command) {
        const pid = this.#launch(unit, command)
        await component.started?.(context, pid)
      }
      await this.#becomeReady(unit, context)
      unit.readyAfterMs ??= performance.now() - this.#startedAt
      unit.reason = undefined
      this.#enter(unit, 'ready')
    } catch (error) {
      unit.reason = (error as Error).message
      return false
    }
    await Promise.race([unit.launched?.exited ?? new Promise(() => undefined), untilAborted(signal)])
    unit.reason = signal.aborted
      ? `ended together with ${component.within ?? 'the stack'}`
      : unit.launched?.lastWords()
    return true
  }

  async #contextFor(unit: Unit): Promise<StartContext> {
    const found = new Map<ProgramName, string>()
    const names = unit.component.programs ?? []
    if (names.length > 0) this.#enter(unit, 'fetching')
    const { signal } = unit.life
    await Promise.all(
      names.map(async (name) => found.set(name, await this.#options.programs.get(name, signal))),
    )
    return {
      site: this.#options.site,
      cluster: this.#options.cluster,
      env: this.#options.env,
      signal,
      program: (name) => found.get(name) ?? missing(`${unit.component.name} uses ${name} without naming it`),
      pidOf: (name) => this.#unit(name).launched?.process.pid ?? missing(`${name} has no process`),
    }
  }

  #launch(unit: Unit, command: Command): number {
    unit.launched = launch(this.#options.site, unit.component.name, command)
    return unit.launched.process.pid
  }

  async #becomeReady(unit: Unit, context: StartContext): Promise<void> {
    const until = performance.now() + readyTimeoutMs
    for (let pause = 20; ; pause = Math.min(pause * 1.3, 250)) {
      context.signal.throwIfAborted()
      if (unit.launched?.hasExited()) throw new Error(unit.launched.lastWords())
      try {
        await unit.component.ready?.(context)
        return
      } catch (error) {
        if (performance.now() > until) throw error
        unit.reason = (error as Error).message
      }
      await sleep(pause)
    }
  }

  #endThoseWithin(name: string): void {
    for (const other of this.#units.values()) if (other.component.within === name) other.life.abort()
  }

  async #endProcess(unit: Unit): Promise<void> {
    const { launched } = unit
    if (!launched) return
    await launched.end()
    unit.launched = undefined
    this.#options.site.ledger.forgetProcess(unit.component.name)
  }

  #fail(unit: Unit): void {
    unit.failure = new Error(`${unit.component.about} does not start: ${unit.reason ?? 'no reason given'}`)
    this.#enter(unit, 'down')
  }

  #unit(name: string): Unit {
    return this.#units.get(name) ?? missing(`no component ${name}`)
  }

  #enter(unit: Unit, phase: Phase): void {
    unit.phase = phase
    this.#options.onChange?.(stateOf(unit))
    this.#changed()
  }

  #changed(): void {
    for (const wake of this.#waiters) wake()
  }

  async #until(isSo: () => boolean): Promise<void> {
    while (!isSo()) {
      if (this.#ending.signal.aborted) throw new Error('The stack is being taken down.')
      await new Promise<void>((wake) => {
        const once = (): void => {
          this.#waiters.delete(once)
          wake()
        }
        this.#waiters.add(once)
      })
    }
  }
}

/** Throws the reason when one of them never will be. */
function areReady(units: readonly Unit[]): boolean {
  for (const unit of units) if (unit.failure) throw unit.failure
  return units.every((unit) => unit.phase === 'ready')
}

function stateOf(unit: Unit): ComponentState {
  const { component, phase, restarts, reason, readyAfterMs, launched } = unit
  const pid = launched && identify(launched.process.pid)?.pid
  return { name: component.name, about: component.about, phase, pid, restarts, reason, readyAfterMs }
}

async function untilAborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return
  await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }))
}

function missing(what: string): never {
  throw new Error(what)
}
