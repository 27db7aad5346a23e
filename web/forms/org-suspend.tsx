import { useState } from 'react'

import { SuspendOrg, type AnyOrg } from '../../src/modules/orgs/schema.ts'
import { trpc } from '../api/trpc.ts'
import { count } from '../lib/format.ts'
import { Field, TextArea } from '../ui/field.tsx'
import { showToast } from '../ui/toast.tsx'
import { ConfirmDialog } from './confirm-dialog.tsx'
import { isTypedRight, TypedName } from './typed-name.tsx'

/** Stops everything of an organisation: for that a reason is written, and its name typed. */
export function OrgSuspendDialog({ org, onClose }: { org: AnyOrg; onClose: () => void }) {
  const { id: orgId, name, deployments } = org
  const [reason, setReason] = useState('')
  const [typed, setTyped] = useState('')
  const utils = trpc.useUtils()
  const suspend = trpc.orgs.suspend.useMutation({
    onSuccess: () => {
      showToast({ tone: 'good', title: `${name} is suspended` })
      onClose()
      void utils.orgs.invalidate()
      void utils.auth.me.invalidate()
    },
  })
  const written = SuspendOrg.shape.reason.safeParse(reason.trim())
  return (
    <ConfirmDialog
      title={`Suspend ${name}?`}
      description={`${deployments === 0 ? 'It may read, pay and delete, nothing else' : `The pods of ${count(deployments, 'deployment')} stop, and it may read, pay and delete, nothing else`}. Nothing is lost: it goes on when you resume it.`}
      word="Suspend"
      isBusy={suspend.isPending}
      isReady={written.success && isTypedRight(typed, name)}
      error={suspend.error}
      onConfirm={() => written.success && suspend.mutate({ orgId, reason: written.data })}
      onClose={onClose}
    >
      <Field
        label="Reason"
        hint="Its members read this."
        error={reason !== '' && !written.success ? written.error.issues[0]?.message : undefined}
        isRequired
      >
        {(input) => (
          <TextArea {...input} rows={2} value={reason} onChange={({ target }) => setReason(target.value)} />
        )}
      </Field>
      <TypedName name={name} typed={typed} onType={setTyped} />
    </ConfirmDialog>
  )
}
