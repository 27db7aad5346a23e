import type { Invoices, PaymentMethods } from '../../src/modules/billing/schema.ts'
import { trpc } from '../api/trpc.ts'
import { formatDay, isWebAddress } from '../lib/format.ts'
import { formatMoney } from '../lib/money.ts'
import { Badge } from '../ui/badge.tsx'
import { Card } from '../ui/card.tsx'
import { FaultNotice } from './fault-notice.tsx'
import { RowsSkeleton } from './rows-skeleton.tsx'
import { useOrg } from './use-org.ts'

/** What Stripe keeps: cards and invoices. */
export function BillingRecords() {
  const { org } = useOrg()
  const methods = trpc.billing.paymentMethods.useQuery({ orgId: org.id })
  const invoices = trpc.billing.invoices.useQuery({ orgId: org.id })
  return (
    <>
      <Card title="Payment methods">
        {methods.error && <FaultNotice error={methods.error} title="They cannot be shown" />}
        {methods.isPending && <RowsSkeleton label="Loading the payment methods" />}
        {methods.data && <Methods methods={methods.data} />}
      </Card>
      <Card title="Invoices">
        {invoices.error && <FaultNotice error={invoices.error} title="They cannot be shown" />}
        {invoices.isPending && <RowsSkeleton label="Loading the invoices" />}
        {invoices.data && <InvoiceList invoices={invoices.data} />}
      </Card>
    </>
  )
}

function Methods({ methods }: { methods: PaymentMethods }) {
  if (methods.length === 0) return <p className="text-muted">None yet. You are asked for one when you pay.</p>
  return (
    <ul className="space-y-2">
      {methods.map(({ id, type, brand, last4, expires, isDefault }) => (
        <li key={id} className="figures flex flex-wrap items-center gap-x-3">
          <span className="capitalize">{brand ?? type.replaceAll('_', ' ')}</span>
          {last4 !== null && <span>ending in {last4}</span>}
          {expires && (
            <span className="text-muted">
              until {String(expires.month).padStart(2, '0')}/{expires.year}
            </span>
          )}
          {isDefault && <Badge>Default</Badge>}
        </li>
      ))}
    </ul>
  )
}

function InvoiceList({ invoices }: { invoices: Invoices }) {
  if (invoices.length === 0) return <p className="text-muted">None yet.</p>
  return (
    <ul className="divide-y divide-line">
      {invoices.map(({ id, number, status, total, currency, createdAt, pageUrl }) => (
        <li
          key={id}
          className="figures flex flex-wrap items-center gap-x-4 gap-y-1 py-2 sm:grid sm:grid-cols-[1fr_1fr_1fr_5rem_8rem]"
        >
          <span>{formatDay(createdAt)}</span>
          <span className="text-muted">{number ?? id}</span>
          <span>{formatMoney(total, currency)}</span>
          <Badge tone={status === 'paid' ? 'good' : status === 'open' ? 'warn' : 'neutral'}>
            <span className="capitalize">{status}</span>
          </Badge>
          {pageUrl !== null && isWebAddress(pageUrl) && (
            <a
              href={pageUrl}
              target="_blank"
              rel="noreferrer"
              className="text-accent hover:underline sm:text-right"
            >
              Open the invoice
            </a>
          )}
        </li>
      ))}
    </ul>
  )
}
