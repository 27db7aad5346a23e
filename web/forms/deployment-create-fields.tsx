import type { UseFormReturn } from 'react-hook-form'

import type { CreateDeploymentInput } from '../../src/modules/deployments/schema.ts'
import type { TemplateView } from '../../src/modules/templates/schema.ts'
import { Card } from '../ui/card.tsx'
import { Choice, Field, Input, TextArea } from '../ui/field.tsx'
import { secretsOf, variablesOf, type DeployValues } from './deployment-create-values.ts'

export type DeployForm = UseFormReturn<DeployValues, unknown, CreateDeploymentInput>

interface SectionProps {
  form: DeployForm
  template: TemplateView
}

export function NameSection({ form, template }: SectionProps) {
  const { errors } = form.formState
  return (
    <Card title="Name and address">
      <div className="space-y-5">
        <Field
          label="Name"
          isRequired
          hint="For people. The address is made from a generated name."
          error={errors.displayName?.message}
        >
          {(input) => <Input {...input} {...form.register('displayName')} autoComplete="off" />}
        </Field>
        {template.ingress !== null && (
          <fieldset className="space-y-1.5">
            <legend className="mb-1.5 font-medium">Who may reach it</legend>
            <div className="grid gap-2 sm:grid-cols-2">
              <Choice
                {...form.register('visibility')}
                value="public"
                label="Everybody"
                hint="It gets an address on the internet."
              />
              <Choice
                {...form.register('visibility')}
                value="internal"
                label="The cluster only"
                hint="No address from outside."
              />
            </div>
          </fieldset>
        )}
      </div>
    </Card>
  )
}

export function VariablesSection({ form, template }: SectionProps) {
  const variables = variablesOf(template)
  const { errors } = form.formState
  if (variables.length === 0) return null
  return (
    <Card title="Variables">
      <div className="space-y-5">
        {variables.map(({ name, description, required, defaultValue }) => (
          <Field
            key={name}
            label={<code className="font-mono text-[0.8125rem]">{name}</code>}
            isRequired={required && defaultValue === undefined}
            error={errors.env?.[name]?.message}
            {...(description === '' ? {} : { hint: description })}
          >
            {(input) => (
              <Input
                {...input}
                {...form.register(`env.${name}`)}
                {...(defaultValue === undefined ? {} : { placeholder: defaultValue })}
                autoComplete="off"
                spellCheck={false}
              />
            )}
          </Field>
        ))}
      </div>
    </Card>
  )
}

/** Values go in and never come out: nothing here is remembered by the browser, or shown. */
export function SecretsSection({ form, template }: SectionProps) {
  const secrets = secretsOf(template)
  const { errors } = form.formState
  if (secrets.length === 0) return null
  return (
    <Card title="Secrets" description="Kept in Vault, handed to the services, and never shown again.">
      <div className="space-y-5">
        {secrets.map(({ name, description, required, file }) => (
          <Field
            key={name}
            label={<code className="font-mono text-[0.8125rem]">{name}</code>}
            isRequired={required}
            error={errors.secrets?.[name]?.message}
            {...(description === '' ? {} : { hint: description })}
          >
            {(input) =>
              file ? (
                <TextArea
                  {...input}
                  {...form.register(`secrets.${name}`)}
                  rows={3}
                  autoComplete="off"
                  spellCheck={false}
                  className="font-mono text-xs [-webkit-text-security:disc]"
                />
              ) : (
                <Input
                  {...input}
                  {...form.register(`secrets.${name}`)}
                  type="password"
                  autoComplete="new-password"
                />
              )
            }
          </Field>
        ))}
      </div>
    </Card>
  )
}
