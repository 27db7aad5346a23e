/** What stands in the deploy form, what of it is wrong, and what is sent: pure. */
import { z } from 'zod'

import type { DeploymentId, TeamId } from '../../src/contract/ids.ts'
import { unanswered, valueMissing } from '../../src/contract/required-answers.ts'
import {
  CreateDeployment,
  type CreateDeploymentInput,
  type DeploymentSummary,
} from '../../src/modules/deployments/schema.ts'
import type { TemplateView } from '../../src/modules/templates/schema.ts'
import { mannerOf, NO_MANNER, valuesOf, type IngressValues } from './ingress-values.ts'

type Quantities = Record<'cpu' | 'memory', string>

interface ServiceValues {
  name: string
  image: string
  /** As typed; empty is the template's. */
  replicas: string
  resources: Record<'requests' | 'limits', Quantities>
}

/** By the same paths as the input of the procedure, so that its errors find their fields. */
export interface DeployValues {
  displayName: string
  visibility: DeploymentSummary['visibility']
  rollbackOnFailure: boolean
  env: Record<string, string>
  secrets: Record<string, string>
  services: ServiceValues[]
  /** One a line. */
  hosts: string
  ingress: IngressValues
}

/** What the form does not ask for. */
export interface DeployIds {
  id: DeploymentId
  teamId: TeamId
}

type Override = NonNullable<CreateDeploymentInput['services']>[number]
type Variable = TemplateView['envVars'][number]
type TemplateService = TemplateView['services'][number]

const named = (variables: readonly Variable[], value: (variable: Variable) => string) =>
  Object.fromEntries(variables.map((variable) => [variable.name, value(variable)]))

const resourcesOf = ({ resources: { requests, limits } }: TemplateService): ServiceValues['resources'] => ({
  requests: { cpu: requests.cpu, memory: requests.memory },
  limits: { cpu: limits.cpu, memory: limits.memory },
})

export const secretsOf = ({ envVars }: TemplateView): Variable[] => envVars.filter(({ secret }) => secret)
export const variablesOf = ({ envVars }: TemplateView): Variable[] => envVars.filter(({ secret }) => !secret)

/** The form as the template proposes it. */
export function initialValues(template: TemplateView): DeployValues {
  return {
    displayName: template.displayName.slice(0, 60),
    visibility: 'public',
    rollbackOnFailure: false,
    env: named(variablesOf(template), ({ defaultValue }) => defaultValue ?? ''),
    secrets: named(secretsOf(template), () => ''),
    services: template.services.map((service) => ({
      name: service.name,
      image: service.image,
      replicas: service.replicas === undefined ? '' : String(service.replicas),
      resources: resourcesOf(service),
    })),
    hosts: '',
    ingress: valuesOf(template.ingress ?? NO_MANNER),
  }
}

const filled = (values: Record<string, string>) =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== ''))

const isSame = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b)

/** What one wants otherwise than the template. What is no number stays what it is: the schema has the sentence. */
function overrideOf(values: ServiceValues, service: TemplateService | undefined): Override {
  const { name, image, resources } = values
  const replicas = values.replicas.trim()
  const proposed = service?.replicas === undefined ? '' : String(service.replicas)
  return {
    name,
    ...(image.trim() === service?.image ? {} : { image: image.trim() }),
    ...(replicas === proposed || replicas === '' ? {} : { replicas: Number(replicas) }),
    ...(service && isSame(resources, resourcesOf(service)) ? {} : { resources }),
  }
}

/** How requests are taken in, where that is not as in the template. */
function otherManner({ ingress }: DeployValues, template: TemplateView) {
  const [wanted, proposed] = [mannerOf(ingress), mannerOf(valuesOf(template.ingress ?? NO_MANNER))]
  return isSame(wanted, proposed) ? {} : { ingress: wanted }
}

/** The input of `deployments.create`, before it is checked. Services stand at the places that they have in the form. */
function candidateOf(values: DeployValues, template: TemplateView, ids: DeployIds) {
  return {
    ...ids,
    displayName: values.displayName.trim(),
    templateId: template.id,
    templateVersion: template.version,
    visibility: values.visibility,
    rollbackOnFailure: values.rollbackOnFailure,
    env: filled(values.env),
    secrets: filled(values.secrets),
    services: values.services.map((service, index) => overrideOf(service, template.services[index])),
    hosts: values.hosts.split(/[\s,]+/).filter(Boolean),
    ...otherManner(values, template),
  }
}

/** What may not stay empty, as the server says it. An empty field leaves a variable to its default. */
function missingOf(values: DeployValues, template: TemplateView) {
  const answers = { env: filled(values.env), secrets: filled(values.secrets) }
  return unanswered(template.envVars, answers).map(({ name, secret }) =>
    secret
      ? { path: ['secrets', name], message: valueMissing('secret', name) }
      : { path: ['env', name], message: valueMissing('variable', name) },
  )
}

/** The form as a schema: the rules of the template, and those of the procedure. Its output is what is sent. */
export function deployForm(
  template: TemplateView,
  ids: DeployIds,
): z.ZodType<CreateDeploymentInput, DeployValues> {
  return z
    .custom<DeployValues>()
    .superRefine((values, context) => {
      const faults = [
        ...missingOf(values, template),
        ...(CreateDeployment.safeParse(candidateOf(values, template, ids)).error?.issues ?? []),
      ]
      for (const { path, message } of faults) {
        context.addIssue({ code: 'custom', message, path: [...path], input: values })
      }
    })
    .transform((values): CreateDeploymentInput => {
      const candidate = candidateOf(values, template, ids)
      const services = candidate.services.filter((service) => Object.keys(service).length > 1)
      return { ...candidate, services }
    })
}

/** For looking at the plan: that a secret is given is all that the plan depends on, so its value stays here. */
export function withoutValues(input: CreateDeploymentInput): CreateDeploymentInput {
  const secrets = Object.fromEntries(Object.keys(input.secrets ?? {}).map((name) => [name, '-']))
  return { ...input, secrets }
}
