import { expect, it } from 'vitest'

import { nextStepFor } from './next-step.ts'

it('leads from a reason to where it can be mended', () => {
  expect(nextStepFor('CrashLoop')?.tab).toBe('logs')
  expect(nextStepFor('SecretsIncomplete')?.tab).toBe('settings')
})

it('leads nowhere where nothing can be done, or the reason is not known here', () => {
  expect(nextStepFor('NodeLost')).toBeUndefined()
  expect(nextStepFor('SomethingNew')).toBeUndefined()
})
