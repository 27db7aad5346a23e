import { afterEach, beforeEach, expect, it, vi } from 'vitest'

import { newId } from '../../contract/ids.ts'
import { AppError } from '../../errors.ts'
import { keepChecking } from './keep-checking.ts'
import { createRightsChanges, type Whom } from './rights-changes.ts'

const somebody = (): Whom => ({ userId: newId('usr'), orgId: newId('org') })

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

function opened({ isHeard = true } = {}) {
  const rights = createRightsChanges()
  rights.hearBy(() => isHeard)
  const whom = somebody()
  const recheck = vi.fn<() => Promise<void>>(async () => undefined)
  const [onRefused, onTrouble] = [vi.fn<(error: unknown) => void>(), vi.fn<(error: unknown) => void>()]
  const stop = keepChecking({ rights, whom, recheck, onRefused, onTrouble })
  return { rights, whom, recheck, onRefused, onTrouble, stop }
}
const settle = async () => vi.advanceTimersByTimeAsync(0)
const gone = new AppError('NOT_FOUND', { what: 'team' })

it('asks at once when something was withdrawn of the reader, or in the organisation', async () => {
  const { rights, whom, recheck, stop } = opened()
  rights.tell(whom.userId)
  await settle()
  rights.tell(whom.orgId)
  await settle()
  rights.tell('everybody')
  await settle()
  expect(recheck).toHaveBeenCalledTimes(3)
  rights.tell(somebody().userId)
  await settle()
  expect(recheck).toHaveBeenCalledTimes(3)
  stop()
})

it('asks soon after the beginning, then every ten seconds; every two while words are not heard', async () => {
  const [heard, unheard] = [opened(), opened({ isHeard: false })]
  await vi.advanceTimersByTimeAsync(2_000)
  expect([heard.recheck, unheard.recheck].map(({ mock }) => mock.calls.length)).toEqual([1, 1])
  await vi.advanceTimersByTimeAsync(20_000)
  expect([heard.recheck, unheard.recheck].map(({ mock }) => mock.calls.length)).toEqual([3, 11])
  heard.stop()
  unheard.stop()
})

it('says once that the right is lost, and asks no more', async () => {
  const { rights, whom, recheck, onRefused } = opened()
  recheck.mockRejectedValue(gone)
  rights.tell(whom.userId)
  await settle()
  rights.tell(whom.userId)
  await vi.advanceTimersByTimeAsync(30_000)
  expect(onRefused.mock.calls).toEqual([[gone]])
  expect(recheck).toHaveBeenCalledTimes(1)
})

it('takes nobody’s right while the database is away, and asks again soon', async () => {
  const { rights, whom, recheck, onRefused, onTrouble } = opened()
  await vi.advanceTimersByTimeAsync(4_000)
  recheck.mockRejectedValueOnce(new AppError('DATABASE_UNAVAILABLE', {})).mockRejectedValue(gone)
  rights.tell(whom.userId)
  await settle()
  expect(onTrouble).toHaveBeenCalledTimes(1)
  expect(onRefused).not.toHaveBeenCalled()
  await vi.advanceTimersByTimeAsync(2_000)
  expect(onRefused).toHaveBeenCalledTimes(1)
})

it('asks once more when another word comes while it asks', async () => {
  const { rights, whom, recheck, stop } = opened()
  rights.tell(whom.userId)
  rights.tell(whom.userId)
  rights.tell(whom.orgId)
  await settle()
  expect(recheck).toHaveBeenCalledTimes(2)
  stop()
  rights.tell(whom.userId)
  await vi.advanceTimersByTimeAsync(30_000)
  expect(recheck).toHaveBeenCalledTimes(2)
})
