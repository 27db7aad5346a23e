/** Whether the number of pods follows the load. It stands in the way of nothing: the pods run. */
import { REASONS } from '../../../src/contract/crd/conditions.ts'
import type { Decided } from '../../runtime/conditions.ts'
import { conditionOf, liveOf, type LiveAutoscaler, type Observed } from '../observed.ts'
import { serviceChild } from '../child-names.ts'
import { quoted } from './finding.ts'

/** What the autoscalers say; nothing where there is none, or where none has said anything yet. */
export function scalingCondition(observed: Observed): Omit<Decided, 'observedGeneration'> | undefined {
  const said = observed.resource.spec.services.flatMap(({ name }) => {
    const metadata = { name: serviceChild(observed.resource, name) }
    const live = liveOf<LiveAutoscaler>(observed, { kind: 'HorizontalPodAutoscaler', metadata })
    const active = conditionOf(live?.status?.conditions, 'ScalingActive')
    // Where nothing is to run, nothing is to be measured.
    return active && active.reason !== 'ScalingDisabled' ? [{ name, active }] : []
  })
  const blind = said.find(({ active }) => active.status !== 'True')
  if (blind) {
    return {
      type: 'ScalingActive',
      status: 'False',
      reason: 'LoadUnknown',
      message: `The load of service ${blind.name} cannot be measured, so its number of pods stays: ${quoted(blind.active.message)}. If it stays so, ask your administrator whether the cluster has a metrics server.`,
    }
  }
  if (said.length === 0) return undefined
  return { type: 'ScalingActive', status: 'True', reason: 'LoadMeasured', message: REASONS.LoadMeasured }
}
