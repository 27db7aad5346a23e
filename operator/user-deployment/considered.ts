/** What a reconcile decides on: the world as it was seen, and beside it what should be. */
import type { RenderSettings } from '../../src/contract/render-settings.ts'
import type { RenderFacts } from './desired/rendering.ts'
import { factsOf } from './facts.ts'
import type { Manifest } from './manifest.ts'
import { liveOf, type Observed } from './observed.ts'
import { renderUserDeployment } from './render.ts'

export interface Considered {
  observed: Observed
  settings: RenderSettings
  /** What the cluster gave out, as far as it was seen. */
  facts: RenderFacts
  /** All that is wanted, in the order in which it is applied. */
  places: readonly Place[]
}

export interface Place {
  wanted: Manifest
  /** What is in its place now. */
  live: Manifest | undefined
}

const placeOf = (observed: Observed, wanted: Manifest): Place => ({ wanted, live: liveOf(observed, wanted) })

export function considerBeside(observed: Observed, settings: RenderSettings): Considered {
  const facts = factsOf(observed)
  const desired = renderUserDeployment(observed.resource, settings, facts)
  return { observed, settings, facts, places: desired.map((wanted) => placeOf(observed, wanted)) }
}
