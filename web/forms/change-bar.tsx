import type { PlanState } from '../api/plan.ts'
import { PlanDialog } from '../components/plan-dialog.tsx'
import { Button } from '../ui/button.tsx'

interface ChangeBarProps {
  /** On the button that saves, as in "Save variables". */
  label: string
  isDirty: boolean
  isBusy: boolean
  plan: PlanState
  onSave: () => void
  onPreview: () => void
  onDiscard: () => void
}

/** Below a form that changes a service, once something was typed: save it, see what it would do, or leave it. */
export function ChangeBar({ label, isDirty, isBusy, plan, onSave, onPreview, onDiscard }: ChangeBarProps) {
  return (
    <>
      {isDirty && (
        <div className="flex flex-wrap gap-2 pt-1">
          <Button type="submit" variant="primary" isBusy={isBusy}>
            {label}
          </Button>
          <Button onClick={onPreview}>Preview the plan</Button>
          <Button variant="ghost" onClick={onDiscard}>
            Discard
          </Button>
        </div>
      )}
      <PlanDialog
        isOpen={plan.isOpen}
        onClose={plan.close}
        plan={plan.plan}
        error={plan.error}
        action={
          <Button
            variant="primary"
            onClick={() => {
              plan.close()
              onSave()
            }}
          >
            {label}
          </Button>
        }
      />
    </>
  )
}
