import { expect, it } from 'vitest'

import { isHindrance, nextStepFor } from './next-step.ts'

it('leads from a reason to where it can be mended', () => {
  expect(nextStepFor('CrashLoop')?.tab).toBe('logs')
  expect(nextStepFor('SecretsIncomplete')?.tab).toBe('settings')
})

it('leads nowhere where nothing can be done, or the reason is not known here', () => {
  expect(nextStepFor('NodeLost')).toBeUndefined()
  expect(nextStepFor('SomethingNew')).toBeUndefined()
})

it('tells what is in the way from what every deployment goes through', () => {
  for (const reason of ['Unschedulable', 'ImageNotFound', 'CrashLoop', 'SecretStoreUnavailable']) {
    expect(isHindrance(reason), reason).toBe(true)
  }
  for (const reason of ['Provisioning', 'DependencyPending', 'RollingOut', 'SomethingNew']) {
    expect(isHindrance(reason), reason).toBe(false)
  }
})
