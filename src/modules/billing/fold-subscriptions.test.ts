import fc from 'fast-check'
import { expect, it } from 'vitest'

import { SUBSCRIPTION_STATUSES } from '../../ports/stripe/port.ts'
import { foldSubscriptions, isAlive } from './fold-subscriptions.ts'
import { aSubscription } from './testing/subscription.ts'

const at = (day: number): Date => new Date(Date.UTC(2026, 0, day))
const idsOf = ({ row, surplus }: ReturnType<typeof foldSubscriptions>) => [
  row?.id,
  surplus.map(({ id }) => id),
]

it('knows that there is none', () => {
  expect(foldSubscriptions([])).toEqual({ row: undefined, surplus: [] })
})

it('counts the one of two tabs that was first, and cancels the other', () => {
  const first = aSubscription({ id: 'sub_first', createdAt: at(1) })
  const second = aSubscription({ id: 'sub_second', createdAt: at(2), status: 'trialing' })
  expect(idsOf(foldSubscriptions([second, first]))).toEqual(['sub_first', ['sub_second']])
})

it('counts what is paid before what is not, and cancels what is not', () => {
  const old = aSubscription({ id: 'sub_old', createdAt: at(1), status: 'past_due' })
  const paid = aSubscription({ id: 'sub_paid', createdAt: at(5) })
  const begun = aSubscription({ id: 'sub_begun', createdAt: at(6), status: 'incomplete' })
  expect(idsOf(foldSubscriptions([old, begun, paid]))).toEqual(['sub_paid', ['sub_old', 'sub_begun']])
})

it('cancels nothing while none of two tabs has paid', () => {
  const tabs = [1, 2].map((day) =>
    aSubscription({ id: `sub_${day}`, createdAt: at(day), status: 'incomplete' }),
  )
  expect(idsOf(foldSubscriptions(tabs))).toEqual(['sub_1', []])
})

it('counts the last of those that ended', () => {
  const ended = [1, 3, 2].map((day) =>
    aSubscription({ id: `sub_${day}`, createdAt: at(day), status: 'canceled' }),
  )
  expect(idsOf(foldSubscriptions(ended))).toEqual(['sub_3', []])
})

it('comes to the same in whatever order they are listed, with one left alive once the rest is cancelled', () => {
  const each = fc
    .tuple(fc.constantFrom(...SUBSCRIPTION_STATUSES), fc.integer({ min: 1, max: 4 }))
    .map(([status, day]) => ({ status, createdAt: at(day) }))
  const lists = fc
    .array(each, { maxLength: 6 })
    .map((all) => all.map((given, index) => aSubscription({ id: `sub_${index}`, ...given })))
    .chain((all) => fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length })))
  fc.assert(
    fc.property(lists, ([all, shuffled]) => {
      const folded = foldSubscriptions(all)
      const again = foldSubscriptions(shuffled)
      expect(again.row).toEqual(folded.row)
      expect(new Set(again.surplus)).toEqual(new Set(folded.surplus))
      const gone = new Set(folded.surplus)
      const left = all.filter((one) => isAlive(one) && !gone.has(one))
      const areAllUnpaid = left.every(({ status }) => status === 'incomplete')
      expect(left.length <= 1 || areAllUnpaid).toBe(true)
    }),
  )
})
