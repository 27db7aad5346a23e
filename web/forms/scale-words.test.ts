import { expect, it } from 'vitest'

import { mostPods, scaleHint } from './scale-words.ts'

const volumes = [{ name: 'data', path: '/data' }]
const autoscaling = { minReplicas: 2, maxReplicas: 5, targetCpu: 80 } as never

it('says why a service with a volume cannot run as several pods', () => {
  expect(scaleHint({ volumes, autoscaling: null })).toContain('“data” can be held by one pod alone')
  expect(mostPods({ volumes })).toBe(1)
})

it('says what a number means, and that it takes the place of scaling by load', () => {
  expect(scaleHint({ volumes: [], autoscaling: null })).toContain('0 stops this service alone')
  expect(scaleHint({ volumes: [], autoscaling })).toContain('from 2 to 5 pods')
  expect(mostPods({ volumes: [] })).toBe(50)
})
