import { zodResolver } from '@hookform/resolvers/zod'
import { useForm, type UseFormReturn } from 'react-hook-form'
import { z } from 'zod'

import { KEY_AREAS, type KeyScope } from '../../src/contract/policy.ts'
import type { KeyCreated, WantedKey } from '../../src/modules/api-keys/schema.ts'
import { FaultNotice } from '../components/fault-notice.tsx'
import { firstErrorOf } from '../lib/error-at.ts'
import { Button } from '../ui/button.tsx'
import { CopyButton } from '../ui/copy-button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { Field, Input, Select } from '../ui/field.tsx'
import { Notice } from '../ui/notice.tsx'
import { Problem } from '../ui/problem.tsx'

/** For what a key can be: an organisation, or a team. */
interface KeyPlaceChoice {
  readonly id: string
  readonly label: string
}

interface ApiKeyCreateProps {
  /** What the choice is called. */
  placeName: 'Organisation' | 'Team'
  places: readonly KeyPlaceChoice[]
  created: KeyCreated | undefined
  isPending: boolean
  error: unknown
  onCreate: (place: string, wanted: Pick<WantedKey, 'name' | 'scopes' | 'expiresInDays'>) => void
  onClose: () => void
}

const FORM = 'create-api-key'

/** Days, as the choice writes them. */
const EXPIRIES = [
  ['7', '7 days'],
  ['30', '30 days'],
  ['90', '90 days'],
  ['365', 'A year'],
  ['', 'Never'],
] as const

const AREA_WORDS: Record<(typeof KEY_AREAS)[number], string> = {
  deployments: 'Deployments, with logs and history',
  templates: 'Templates',
  secrets: 'Names of secrets; writing sets values',
  tasks: 'Agent tasks',
  workflows: 'Workflows',
  exec: 'Terminals in containers',
  billing: 'Plan and invoices',
}

const Values = z.object({
  place: z.string(),
  name: z.string().trim().min(1, 'A key needs a name, so that it is known again.').max(100),
  scopes: z.array(z.string()).min(1, 'A key without a scope opens nothing: choose at least one.'),
  expiry: z.string(),
})
type Values = z.output<typeof Values>
type Form = UseFormReturn<Values>

/** Asks what a key is for; then shows it, this once. */
export function ApiKeyCreateDialog(props: ApiKeyCreateProps) {
  const { places, created, isPending, error, onCreate, onClose } = props
  const form: Form = useForm<Values>({
    resolver: zodResolver(Values),
    defaultValues: { place: places[0]?.id ?? '', name: '', scopes: ['deployments:read'], expiry: '90' },
  })
  if (created) return <CreatedDialog created={created} onClose={onClose} />
  const save = form.handleSubmit(({ place, name, scopes, expiry }) =>
    onCreate(place, {
      name,
      scopes: scopes as KeyScope[],
      expiresInDays: expiry === '' ? null : Number(expiry),
    }),
  )
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title="Make an API key"
      description="It may what you choose here, and never more than you may yourself when it is used."
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" form={FORM} variant="primary" isBusy={isPending}>
            Make the key
          </Button>
        </>
      }
    >
      <form id={FORM} noValidate onSubmit={(event) => void save(event)} className="space-y-5">
        <Fields form={form} {...props} />
        {error !== null && error !== undefined && <FaultNotice error={error} title="No key was made" />}
      </form>
    </Dialog>
  )
}

function Fields({
  form,
  placeName,
  places,
}: Pick<ApiKeyCreateProps, 'placeName' | 'places'> & { form: Form }) {
  const { errors } = form.formState
  return (
    <>
      <Field
        label="Name"
        isRequired
        error={errors.name?.message}
        hint="Where it is used, such as “build server”."
      >
        {(input) => <Input {...input} {...form.register('name')} autoComplete="off" />}
      </Field>
      {places.length > 1 && (
        <Field label={placeName} isRequired>
          {(input) => (
            <Select {...input} {...form.register('place')} className="w-full">
              {places.map(({ id, label }) => (
                <option key={id} value={id}>
                  {label}
                </option>
              ))}
            </Select>
          )}
        </Field>
      )}
      <ScopeTable form={form} />
      <Field label="Expires after" isRequired>
        {(input) => (
          <Select {...input} {...form.register('expiry')}>
            {EXPIRIES.map(([value, label]) => (
              <option key={value} value={value}>
                {label}
              </option>
            ))}
          </Select>
        )}
      </Field>
    </>
  )
}

function ScopeTable({ form }: { form: Form }) {
  return (
    <fieldset className="space-y-1.5">
      <legend className="font-medium">Scopes</legend>
      <table className="w-full">
        <thead className="text-left text-xs text-muted">
          <tr>
            <th scope="col" className="font-normal">
              <span className="sr-only">Area</span>
            </th>
            <th scope="col" className="w-14 text-center font-normal">
              Read
            </th>
            <th scope="col" className="w-14 text-center font-normal">
              Write
            </th>
          </tr>
        </thead>
        <tbody>
          {KEY_AREAS.map((area) => (
            <tr key={area} className="border-t border-line">
              <th scope="row" className="py-1.5 text-left font-normal">
                {AREA_WORDS[area]}
              </th>
              {(['read', 'write'] as const).map((verb) => (
                <td key={verb} className="text-center">
                  <input
                    {...form.register('scopes')}
                    type="checkbox"
                    value={`${area}:${verb}`}
                    aria-label={`${area}:${verb}`}
                    className="size-4 accent-accent-solid"
                  />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      <Problem id="scopes-error" sentence={firstErrorOf(form.formState.errors, 'scopes')} />
    </fieldset>
  )
}

function CreatedDialog({ created: { key, view }, onClose }: { created: KeyCreated; onClose: () => void }) {
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title={`The key ${view.name}`}
      footer={
        <Button variant="primary" onClick={onClose}>
          I have it
        </Button>
      }
    >
      <div className="space-y-4">
        <Notice tone="warn" title="Copy it now">
          <p>It is shown this once. Of the key itself nothing is kept here but a hash.</p>
        </Notice>
        <div className="flex items-center gap-1 rounded-control border border-line bg-sunken py-1 pr-1 pl-3">
          <code aria-label="The key" className="min-w-0 flex-1 font-mono text-xs wrap-anywhere">
            {key}
          </code>
          <CopyButton text={key} what="the key" />
        </div>
        <p className="text-muted">
          Programs show it as <code className="font-mono text-xs">Authorization: Bearer {view.prefix}…</code>
        </p>
      </div>
    </Dialog>
  )
}
