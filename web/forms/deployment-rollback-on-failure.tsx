import { useState } from 'react'

import type { DeploymentView } from '../../src/modules/deployments/schema.ts'
import { trpc } from '../api/trpc.ts'
import { FaultNotice } from '../components/fault-notice.tsx'
import { CheckBox } from '../ui/field.tsx'
import { showToast } from '../ui/toast.tsx'

/** Whether an update that fails is taken back; it is saved as it is ticked. */
export function RollbackOnFailureForm({ deployment }: { deployment: DeploymentView }) {
  const { id, revision, rollbackOnFailure } = deployment
  const [wished, setWished] = useState<boolean>()
  const set = trpc.deployments.setRollbackOnFailure.useMutation({
    onSuccess: (_, wanted) =>
      showToast({
        tone: 'good',
        title: wanted.rollbackOnFailure
          ? 'Updates that fail are taken back'
          : 'Updates that fail stay as they are',
      }),
  })
  // What was asked for is shown until the page has heard of the revision that it made.
  const isHeard = set.data !== undefined && revision >= set.data.revision
  const isOn = wished === undefined || isHeard ? rollbackOnFailure : wished
  const save = (isWanted: boolean) => {
    set.reset()
    setWished(isWanted)
    set.mutate(
      { id, baseRevision: revision, rollbackOnFailure: isWanted },
      { onError: () => setWished(undefined) },
    )
  }
  return (
    <div className="space-y-3">
      <CheckBox
        checked={isOn}
        disabled={set.isPending}
        onChange={({ target }) => save(target.checked)}
        label="Take back updates that fail"
        hint="When a change does not become ready, what ran before runs again, as a new revision that says why."
      />
      {set.error && <FaultNotice error={set.error} title="It was not saved" />}
    </div>
  )
}
