import { expect, it } from 'vitest'

import { smallService } from '../../../src/contract/testing/specs.ts'
import { anObserved, liveMap } from '../../testing/observed.ts'
import { aResource } from '../../testing/resources.ts'
import { scalingCondition } from './scaling.ts'

const resource = aResource({ services: [smallService({ autoscaling: { maxReplicas: 3 } })] })

function said(condition?: { status: string; reason: string; message: string }) {
  const live = {
    apiVersion: 'autoscaling/v2',
    kind: 'HorizontalPodAutoscaler',
    metadata: { name: 'abcdefghij-web' },
    ...(condition ? { status: { conditions: [{ type: 'ScalingActive', ...condition }] } } : {}),
  }
  return scalingCondition(anObserved(resource, { live: liveMap(live) }))
}

it('says nothing where nothing is scaled by load, or nobody knows yet', () => {
  expect(scalingCondition(anObserved(aResource()))).toBeUndefined()
  expect(said()).toBeUndefined()
  expect(said({ status: 'False', reason: 'ScalingDisabled', message: 'no pods' })).toBeUndefined()
})

it('says which load cannot be measured, and in whose words', () => {
  const condition = said({ status: 'False', reason: 'FailedGetResourceMetric', message: 'no metrics API.' })
  expect(condition).toMatchObject({ status: 'False', reason: 'LoadUnknown' })
  expect(condition?.message).toContain('The load of service web cannot be measured')
  expect(condition?.message).toContain('stays: no metrics API. If')
})

it('says that the number of pods follows the load', () => {
  expect(said({ status: 'True', reason: 'ValidMetricFound', message: '' })).toMatchObject({
    type: 'ScalingActive',
    status: 'True',
    reason: 'LoadMeasured',
  })
})
