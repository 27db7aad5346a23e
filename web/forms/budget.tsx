import { useState, type SubmitEvent } from 'react'

import type { BudgetView } from '../../src/modules/usage/schema.ts'
import { trpc } from '../api/trpc.ts'
import { FaultNotice } from '../components/fault-notice.tsx'
import { centsOf, money } from '../components/usage-words.ts'
import { Button } from '../ui/button.tsx'
import { Card } from '../ui/card.tsx'
import { CheckBox, Field, Input } from '../ui/field.tsx'
import { Notice } from '../ui/notice.tsx'
import { Skeleton } from '../ui/skeleton.tsx'
import { showToast } from '../ui/toast.tsx'

/** What the organisation may spend in a month: for its owner alone. */
export function BudgetCard({ orgId }: { orgId: string }) {
  const budget = trpc.usage.budget.useQuery({ orgId })
  return (
    <Card
      title="Monthly budget"
      description="You are told by mail at four fifths of it. What runs now counts too."
    >
      {budget.isPending && <Skeleton className="h-8 w-64" />}
      {budget.error && (
        <FaultNotice
          error={budget.error}
          title="The budget cannot be shown"
          onRetry={() => void budget.refetch()}
          isRetrying={budget.isFetching}
        />
      )}
      {budget.data && <BudgetForm key={JSON.stringify(budget.data)} orgId={orgId} budget={budget.data} />}
    </Card>
  )
}

const typedOf = ({ amountCents }: BudgetView): string =>
  amountCents === null ? '' : (amountCents / 100).toFixed(2)

function BudgetForm({ orgId, budget }: { orgId: string; budget: BudgetView }) {
  const utils = trpc.useUtils()
  const [typed, setTyped] = useState(typedOf(budget))
  const [stops, setStops] = useState(budget.stops)
  const [problem, setProblem] = useState<string>()
  const save = trpc.usage.setBudget.useMutation({
    onSuccess: (saved) => {
      utils.usage.budget.setData({ orgId }, saved)
      showToast({
        tone: 'good',
        title: saved.amountCents === null ? 'There is no budget now' : 'The budget is set',
      })
    },
  })
  const submit = (event: SubmitEvent) => {
    event.preventDefault()
    const amountCents = typed.trim() === '' ? null : centsOf(typed)
    setProblem(amountCents === undefined ? 'Write an amount such as 250 or 99.50.' : undefined)
    if (amountCents !== undefined) save.mutate({ orgId, amountCents, stops })
  }
  const currency = budget.currency ?? 'eur'
  return (
    <form noValidate onSubmit={submit} className="max-w-md space-y-4">
      {budget.isStopped && (
        <Notice tone="bad" title="All deployments are stopped: the budget is used up">
          <p>
            Raise it, or take it away, and they run again within a minute. Else they do with the next month.
          </p>
        </Notice>
      )}
      {budget.amountCents !== null && budget.spentCents !== null && (
        <p className="figures">
          {money(budget.spentCents, currency)} of {money(budget.amountCents, currency)} used in this month.
        </p>
      )}
      <Field label={`Amount in ${currency.toUpperCase()}`} hint="Empty: there is no budget." error={problem}>
        {(input) => (
          <Input
            {...input}
            value={typed}
            inputMode="decimal"
            autoComplete="off"
            className="max-w-40"
            onChange={(event) => setTyped(event.target.value)}
          />
        )}
      </Field>
      <CheckBox
        label="Stop all deployments when it is used up"
        hint="Until the month ends or the budget is raised. Nothing is deleted, and volumes go on costing."
        checked={stops}
        onChange={(event) => setStops(event.target.checked)}
      />
      {save.error && <FaultNotice error={save.error} title="The budget was not changed" />}
      <Button
        type="submit"
        isBusy={save.isPending}
        disabled={typed === typedOf(budget) && stops === budget.stops}
      >
        Save
      </Button>
    </form>
  )
}
