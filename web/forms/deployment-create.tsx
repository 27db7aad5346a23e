/** The deploy form, generated from a template. */
import { zodResolver } from '@hookform/resolvers/zod'
import { useMemo, useState } from 'react'
import { FormProvider, useForm } from 'react-hook-form'
import { useNavigate } from 'react-router'

import { newId } from '../../src/contract/ids.ts'
import type { CreateDeploymentInput } from '../../src/modules/deployments/schema.ts'
import type { TemplateView } from '../../src/modules/templates/schema.ts'
import { describeError } from '../api/errors.ts'
import { usePlan } from '../api/plan.ts'
import { useSession } from '../api/session.tsx'
import { trpc } from '../api/trpc.ts'
import { PlanDialog } from '../components/plan-dialog.tsx'
import { paths } from '../lib/paths.ts'
import { preloadPage } from '../lib/pages.ts'
import { Button } from '../ui/button.tsx'
import { AdvancedSection } from './deployment-create-advanced.tsx'
import {
  NameSection,
  SecretsSection,
  VariablesSection,
  type DeployForm,
} from './deployment-create-fields.tsx'
import { DeploymentSummaryCard } from './deployment-create-summary.tsx'
import { deployForm, initialValues, withoutValues, type DeployValues } from './deployment-create-values.ts'

export function DeploymentCreateForm({ template }: { template: TemplateView }) {
  const { team } = useSession()
  const navigate = useNavigate()
  // Made once: pressing again after an error that hid the answer deploys nothing twice.
  const [id] = useState(() => newId('dep'))
  const schema = useMemo(() => deployForm(template, { id, teamId: team.id }), [template, id, team.id])
  const form = useForm<DeployValues, unknown, CreateDeploymentInput>({
    resolver: zodResolver(schema),
    defaultValues: initialValues(template),
    mode: 'onTouched',
  })
  const [isAdvanced, setAdvanced] = useState(false)
  const utils = trpc.useUtils()
  const create = trpc.deployments.create.useMutation({
    onSuccess: async () => {
      void utils.deployments.list.invalidate()
      void utils.orgs.get.invalidate()
      await navigate(paths.deployment(id))
    },
    onError: (error) => {
      showFields(form, error)
      // It may be that the last one was taken meanwhile.
      void utils.orgs.get.invalidate()
    },
  })
  const plan = usePlan()

  const showHidden = () => {
    const { services, hosts, ingress } = form.formState.errors
    if (services || hosts || ingress) setAdvanced(true)
  }
  const deploy = form.handleSubmit((input) => create.mutate(input), showHidden)
  const preview = form.handleSubmit((input) => plan.ofNew(withoutValues(input)), showHidden)
  const isBusy = create.isPending || create.isSuccess

  return (
    <FormProvider {...form}>
      <form
        noValidate
        onSubmit={(event) => void deploy(event)}
        className="grid items-start gap-5 lg:grid-cols-[1fr_20rem]"
      >
        <div className="min-w-0 space-y-5">
          <NameSection form={form} template={template} />
          <VariablesSection form={form} template={template} />
          <SecretsSection form={form} template={template} />
          <AdvancedSection form={form} template={template} isOpen={isAdvanced} onToggle={setAdvanced} />
        </div>
        <DeploymentSummaryCard
          template={template}
          error={create.error}
          isBusy={isBusy}
          onPreview={() => void preview()}
          onPointAtDeploy={() => preloadPage('deployment')}
        />
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
                void deploy()
              }}
            >
              Deploy
            </Button>
          }
        />
      </form>
    </FormProvider>
  )
}

/** What the server found wrong stands at its field, where there is one. */
function showFields(form: DeployForm, error: unknown): void {
  for (const { path, sentence } of describeError(error).fields) {
    form.setError(path as keyof DeployValues, { type: 'server', message: sentence })
  }
}
