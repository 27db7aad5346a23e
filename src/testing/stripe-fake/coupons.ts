import type { CouponDoc } from './documents.ts'
import { invalid } from './fault.ts'
import { find, nextId, type State } from './state.ts'

/** A promotion code that people may type, for percent off for ever. */
export function addPromotionCode(state: State, code: string, percentOff: number): CouponDoc {
  const id = nextId(state, 'coupon')
  const coupon: CouponDoc = { id, object: 'coupon', percent_off: percentOff, duration: 'forever' }
  Object.assign(coupon, { created: state.now, livemode: false, times_redeemed: 0, valid: true, name: code })
  state.promotionCodes[code] = id
  return (state.coupons[id] = coupon)
}

/** @throws {StripeFault} there is no such code */
export function percentOffBy(state: State, code: string | undefined): number {
  if (code === undefined) return 0
  const coupon = Object.hasOwn(state.promotionCodes, code) ? state.promotionCodes[code] : undefined
  return coupon === undefined
    ? invalid('This code is invalid.', { param: 'promotion_code' })
    : find(state.coupons, coupon, 'coupon').percent_off
}
