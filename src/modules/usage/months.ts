/** Months by UTC, as `2026-01`. Pure. */

export const monthOf = (ms: number): string => new Date(ms).toISOString().slice(0, 7)

export function boundsOf(month: string): { readonly from: Date; readonly to: Date } {
  const from = new Date(`${month}-01T00:00:00Z`)
  return { from, to: new Date(Date.UTC(from.getUTCFullYear(), from.getUTCMonth() + 1, 1)) }
}
