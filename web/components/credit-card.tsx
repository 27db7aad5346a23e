import type { CreditsView } from '../../src/modules/usage/schema.ts'
import { trpc } from '../api/trpc.ts'
import { formatInstant } from '../lib/format.ts'
import { Card } from '../ui/card.tsx'
import { money, monthName } from './usage-words.ts'

/** What the organisation has to its credit, for its owner; nothing where it never had any. */
export function CreditCard({ orgId }: { orgId: string }) {
  const { data } = trpc.usage.credits.useQuery({ orgId })
  if (!data || data.entries.length === 0 || data.leftCents === null || data.currency === null) return null
  const { currency, leftCents, usedCents } = data
  return (
    <Card title="Credit" description="It pays for what is used, before anything costs money.">
      <p>
        <span className="figures font-medium">{money(leftCents, currency)}</span> left.
        {usedCents !== null && usedCents > 0 && ` ${money(usedCents, currency)} paid for this month so far.`}
      </p>
      <ul className="mt-3 space-y-1 text-muted">
        {data.entries.map((entry) => (
          <li key={entry.id}>
            <span className="figures">{money(entry.amountCents, currency)}</span>: {reasonOf(entry)}
          </li>
        ))}
      </ul>
    </Card>
  )
}

const reasonOf = ({ month, reason, at }: CreditsView['entries'][number]): string =>
  month === null ? `${reason}, ${formatInstant(at)}` : `used in ${monthName(month)}`
