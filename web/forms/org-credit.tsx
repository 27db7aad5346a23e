import { useState } from 'react'

import { newId } from '../../src/contract/ids.ts'
import type { AnyOrg } from '../../src/modules/orgs/schema.ts'
import { GrantCredit } from '../../src/modules/usage/schema.ts'
import { trpc } from '../api/trpc.ts'
import { centsOf } from '../components/usage-words.ts'
import { Field, Input, TextArea } from '../ui/field.tsx'
import { showToast } from '../ui/toast.tsx'
import { ConfirmDialog } from './confirm-dialog.tsx'

const { amountCents: Amount, reason: Reason } = GrantCredit.shape

/** Gives an organisation credit, or takes some back: it pays for usage before anything costs money. */
export function OrgCreditDialog({ org, onClose }: { org: AnyOrg; onClose: () => void }) {
  // The same however often it is sent: what is asked for twice is given once.
  const [id] = useState(() => newId('crd'))
  const [amount, setAmount] = useState('')
  const [reason, setReason] = useState('')
  const utils = trpc.useUtils()
  const grant = trpc.usage.grantCredit.useMutation({
    onSuccess: (_, { amountCents }) => {
      const title =
        amountCents > 0 ? `The credit is given to ${org.name}` : `The credit of ${org.name} is less now`
      showToast({ tone: 'good', title })
      onClose()
      void utils.usage.invalidate()
    },
  })
  const amountCents = Amount.safeParse(signedCentsOf(amount))
  const written = Reason.safeParse(reason.trim())
  return (
    <ConfirmDialog
      title={`Give credit to ${org.name}?`}
      description="It pays for what is used, in the currency of the price list, before anything costs money."
      word="Give credit"
      isHarmless
      isBusy={grant.isPending}
      isReady={amountCents.success && written.success}
      error={grant.error}
      onConfirm={() => {
        if (amountCents.success && written.success)
          grant.mutate({ orgId: org.id, id, amountCents: amountCents.data, reason: written.data })
      }}
      onClose={onClose}
    >
      <Field
        label="Amount"
        hint="With a minus before it, it is taken back."
        error={amount !== '' && !amountCents.success ? 'Write an amount such as 250 or 99.50.' : undefined}
        isRequired
      >
        {(input) => (
          <Input
            {...input}
            value={amount}
            autoComplete="off"
            className="max-w-40"
            onChange={({ target }) => setAmount(target.value)}
          />
        )}
      </Field>
      <Field
        label="Reason"
        hint="Its owner reads this."
        error={reason !== '' && !written.success ? written.error.issues[0]?.message : undefined}
        isRequired
      >
        {(input) => (
          <TextArea {...input} rows={2} value={reason} onChange={({ target }) => setReason(target.value)} />
        )}
      </Field>
    </ConfirmDialog>
  )
}

function signedCentsOf(typed: string): number | undefined {
  const [, minus, rest = ''] = /^\s*([-−])?(.*)$/.exec(typed) ?? []
  const cents = centsOf(rest)
  return minus === undefined || cents === undefined ? cents : -cents
}
