/**
 * Pure: from a template and the answers to its questions to what shall run, or why not. The form, the preview and
 * the deployment itself ask here.
 */
import type { z } from 'zod'

import { Service } from '../../contract/crd/service.ts'
import { dependencyRules, sizeRules } from '../../contract/crd/spec-rules.ts'
import type { EnvName, SecretKey, VaultPath } from '../../contract/names.ts'
import { chosenHost, type PlatformHosts } from '../../contract/platform-hosts.ts'
import { unanswered, valueMissing } from '../../contract/required-answers.ts'
import type { TemplateDocument, TemplateService, TemplateVariable } from '../../contract/template.ts'
import { AppError } from '../../errors.ts'
import { NO_INGRESS, takenIn } from './change-ingress.ts'
import { RevisionSpec } from './revision-spec.ts'
import type { CreateDeployment } from './schema.ts'

export interface PlanInput {
  readonly template: TemplateDocument
  readonly answers: Pick<
    CreateDeployment,
    'visibility' | 'rollbackOnFailure' | 'env' | 'secrets' | 'services' | 'hosts' | 'ingress'
  >
  /** Where the secrets of the deployment are, or will be. */
  readonly secret: { readonly path: VaultPath; readonly version: number }
  readonly platform: PlatformHosts
}

type Check = (input: PlanInput) => AppError | undefined

const invalid = (problem: string): AppError => new AppError('INVALID_INPUT', { problem })

/** In the order in which people should mend them; the first trouble is told. */
const CHECKS: readonly Check[] = [
  unknownVariable,
  missingAnswer,
  unknownService,
  hostsWithoutIngress,
  mannerWithoutIngress,
  hostOfPlatform,
]

/** @throws {AppError} INVALID_INPUT, SECRET_MISSING with a sentence that says what to do */
export function planDeployment(input: PlanInput): RevisionSpec {
  for (const check of CHECKS) {
    const trouble = check(input)
    if (trouble) throw trouble
  }
  const { template, answers } = input
  const services = template.services.map((service) => serviceOf(service, input))
  const broken = [...dependencyRules, ...sizeRules].find((rule) => rule.breaches({ services }).length > 0)
  if (broken) throw invalid(broken.says)
  return checked(RevisionSpec, {
    visibility: answers.visibility,
    rollbackOnFailure: answers.rollbackOnFailure,
    services,
    ...(template.ingress ? { ingress: takenIn(template.ingress, answers.ingress) } : {}),
  })
}

/** What the answers make of the template may break its rules: too many variables, an autoscaled volume… */
function checked<Schema extends z.ZodType>(schema: Schema, value: unknown): z.output<Schema> {
  const { data, error } = schema.safeParse(value)
  if (error) throw invalid(error.issues[0]?.message ?? 'The deployment is not valid.')
  return data
}

function unknownVariable({ template, answers }: PlanInput): AppError | undefined {
  const isAsked = (name: string, secret: boolean): boolean =>
    template.envVars.some((each) => each.name === name && each.secret === secret)
  const variable = Object.keys(answers.env).find((name) => !isAsked(name, false))
  if (variable) {
    return invalid(
      isAsked(variable, true)
        ? `${variable} is a secret of this template: enter it among the secrets.`
        : `This template has no variable ${variable}: remove it, or add it to a service.`,
    )
  }
  const secret = Object.keys(answers.secrets).find((name) => !isAsked(name, true))
  return secret ? invalid(`This template has no secret ${secret}: remove it.`) : undefined
}

/** Variables first: a secret is entered last, because nobody sees what it was. */
function missingAnswer({ template, answers }: PlanInput): AppError | undefined {
  const missing = unanswered(template.envVars, answers)
  const variable = missing.find(({ secret }) => !secret)
  if (variable) return invalid(valueMissing('variable', variable.name))
  const [secret] = missing
  return secret && new AppError('SECRET_MISSING', { name: secret.name })
}

const hasSecret = ({ secrets }: PlanInput['answers'], name: string): boolean => Object.hasOwn(secrets, name)

function unknownService({ template, answers }: PlanInput): AppError | undefined {
  const unknown = answers.services.find(({ name }) => !template.services.some((each) => each.name === name))
  return unknown && invalid(`This template has no service ${unknown.name}: correct its name.`)
}

function hostsWithoutIngress({ template, answers }: PlanInput): AppError | undefined {
  if (answers.hosts.length === 0 || template.ingress) return undefined
  return invalid('This template answers no requests from outside, so it takes no host names: remove them.')
}

function mannerWithoutIngress({ template, answers }: PlanInput): AppError | undefined {
  return answers.ingress && !template.ingress ? new AppError('INVALID_INPUT', NO_INGRESS) : undefined
}

function hostOfPlatform({ answers, platform }: PlanInput): AppError | undefined {
  const results = answers.hosts.map((host) => chosenHost(platform).safeParse(host))
  const wrong = results.find(({ success }) => !success)
  return wrong?.error && invalid(wrong.error.issues[0]?.message ?? 'A host name cannot be used.')
}

/** A service of the template with what the deployment adds. */
function serviceOf(service: TemplateService, { template, answers, secret }: PlanInput): Service {
  const { containerPort, hasConfigMap, hasSecrets, ...fields } = service
  const override = answers.services.find(({ name }) => name === service.name)
  const goesHere = ({ services, secret: isSecret }: TemplateVariable): boolean =>
    services ? services.includes(service.name) : isSecret ? hasSecrets : hasConfigMap
  const variables = template.envVars.filter(goesHere)
  const keys = variables
    .filter(({ name, secret: isSecret }) => isSecret && hasSecret(answers, name))
    .map(useOf)
  return checked(Service, {
    ...fields,
    ports: withPort(fields.ports, containerPort),
    env: merge(fields.env, answersTo(variables, answers.env), override?.env ?? []),
    secrets: keys.length === 0 ? [] : [{ ...secret, keys }],
    ...(override?.image === undefined ? {} : { image: override.image }),
    ...(override?.resources === undefined ? {} : { resources: override.resources }),
    // A number of one's own takes the place of scaling by load.
    ...(override?.replicas === undefined ? {} : { replicas: override.replicas, autoscaling: undefined }),
  })
}

function withPort(ports: Service['ports'], port: number | undefined): Service['ports'] {
  const isListed = ports.some((each) => each.port === port && each.protocol === 'TCP')
  return port === undefined || isListed ? ports : [{ port, protocol: 'TCP' }, ...ports]
}

type Variable = Service['env'][number]

/** Variables that nobody answered and that have no default are not set at all. */
function answersTo(variables: TemplateVariable[], answers: Readonly<Record<string, string>>): Variable[] {
  return variables
    .filter(({ secret }) => !secret)
    .flatMap(({ name, defaultValue }) => {
      const value = answers[name] ?? defaultValue
      return value === undefined ? [] : [{ name, value }]
    })
}

/** Of variables of the same name the later one counts, in the place of the first. */
function merge(...lists: Variable[][]): Variable[] {
  return [...new Map(lists.flat().map((each) => [each.name, each])).values()]
}

type KeyUse = Service['secrets'][number]['keys'][number]

/** How a service gets a secret: in the environment under its own name, or as a file. */
const useOf = ({ name, file }: { name: EnvName; file?: TemplateVariable['file'] }): KeyUse => {
  // Both are the same grammar: letters, digits, underscores.
  const key = name as string as SecretKey
  return file ? { key, file } : { key, env: name }
}
