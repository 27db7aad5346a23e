/** What use-cases are given: ports, settings, and the ways to tell the rest of the process something. */
import type { NamespacePattern } from '../contract/names.ts'
import type { RenderSettings } from '../contract/render-settings.ts'
import type { Plans } from '../contract/tiers.ts'
import type { RightsChanges } from './access/rights-changes.ts'
import type { Ports } from '../ports/types.ts'
import type { StageDays } from './billing/standing.ts'
import type { Changes } from './deployments/changes.ts'
import type { Facts } from './deployments/facts.ts'
import type { LiveRows } from './deployments/live-rows.ts'
import type { UsagePrices } from './usage/prices.ts'

export interface Settings {
  readonly isBillingEnabled: boolean
  /** How long each stage of what is not paid lasts. */
  readonly billingDays: StageDays
  /** Of this installation. */
  readonly plans: Plans
  /** The address under which people reach this installation. */
  readonly baseUrl: string
  readonly namespacePattern: NamespacePattern
  /** How long a followed tag is left alone after its registry was asked. */
  readonly imageWatchSeconds: number
  readonly terminals: TerminalLimits
  /** What usage costs; undefined: only quantities are shown. */
  readonly usagePrices: UsagePrices | undefined
  /** Of Stripe's meter that is told what usage costs; undefined: none is. */
  readonly meterEvent: string | undefined
  /** As the operator has them: what `deployments.plan` shows is what it makes. */
  readonly render: RenderSettings
}

/** What one may have of terminals. Each server counts for itself. */
interface TerminalLimits {
  /** Open at once, of one user. */
  readonly perUser: number
  /** Without input and output. */
  readonly idleMs: number
  readonly longestMs: number
  /** From the warning that the server goes down to the end. */
  readonly warnMs: number
  /** How often it is looked whether somebody is still there. */
  readonly tickMs: number
}

export interface Deps extends Ports {
  readonly settings: Settings
  /** How the deployments fare in the cluster, as last heard. */
  readonly facts: Facts
  /** Who changes a deployment says so here; who shows it listens. */
  readonly changes: Changes
  readonly liveRows: LiveRows
  /** Who withdraws a right is heard here; open streams listen. */
  readonly rights: RightsChanges
  /** Raised when the server goes down: streams end then, and their readers come back to another server. */
  readonly stopping: AbortSignal
  /** Wakes the loop that writes custom resources. */
  readonly pushes: { poke(): void }
  /** Wakes the loop that does the effects of the outbox. */
  readonly effects: { poke(): void }
  /** Wakes the loop that works on events of Stripe's. */
  readonly inbox: { poke(): void }
}
