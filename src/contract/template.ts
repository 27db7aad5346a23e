/**
 * The template document, in YAML or JSON: what somebody who deploys is asked (`envVars`), and what runs.
 */
import { z } from 'zod'

import { IngressWithoutHosts } from './crd/ingress.ts'
import { listByKey, refineBy, type Rule } from './crd/rule.ts'
import { FileMode, SERVICE_BOUNDS } from './crd/service-parts.ts'
import { Service, serviceRules } from './crd/service.ts'
import { dependencyRules, sizeRules } from './crd/spec-rules.ts'
import { EnvName, FilePath, ServiceName, TemplateName } from './names.ts'
import { text, wholeNumber } from './text.ts'
import { refusingUnknown } from './unknown-fields.ts'

/** Who sees a template. `public` is for who runs the installation to give. */
const TEMPLATE_VISIBILITIES = ['private', 'team', 'org', 'public'] as const

const line = (what: string, max: number): z.ZodType<string, string> =>
  text({ min: 1, max, says: `${what} has 1 to ${max} characters.` })

const yesOrNo = (name: string): z.ZodBoolean => z.boolean({ error: `${name} is true or false.` })

const TemplateMetadata = z.object({
  name: TemplateName.optional().describe('How programs name it; made from the display name when missing.'),
  displayName: line('The display name of a template', 100).describe('Name for people.'),
  description: line('The description of a template', 2000).describe('What it is good for.'),
  category: text({ max: 50, says: 'A category has at most 50 characters.' })
    .default('')
    .describe('Shelf of the catalogue, such as Databases.'),
  visibility: z
    .enum(TEMPLATE_VISIBILITIES, { error: 'The visibility is one of private, team, org and public.' })
    .default('private')
    .describe('Who sees it.'),
})

/** A question to whoever deploys. */
export const TemplateVariable = refineBy(
  z.object({
    name: EnvName.describe('Name of the variable, and of the key in Vault if it is a secret.'),
    description: text({ max: 500, says: 'The description of a variable has at most 500 characters.' })
      .default('')
      .describe('Help that stands at the field.'),
    required: yesOrNo('required').default(false).describe('It may not stay empty.'),
    secret: yesOrNo('secret').default(false).describe('Its value goes to Vault and is never shown again.'),
    defaultValue: text({ max: 32_768, says: 'A default value has at most 32768 characters and no NUL.' })
      .optional()
      .describe('What it is when nothing is entered.'),
    services: z
      .array(ServiceName)
      .min(1, 'Name at least one service that gets the variable, or leave the list out.')
      .max(SERVICE_BOUNDS.services, `A variable names at most ${SERVICE_BOUNDS.services} services.`)
      .optional()
      .describe(
        'Services that get it; when missing those that say hasConfigMap, or hasSecrets for a secret.',
      ),
    file: z
      .object({ path: FilePath, mode: FileMode })
      .optional()
      .describe('The services find the secret in this file, instead of in the environment.'),
  }),
  [
    {
      says: 'A secret has no default value, because a template can be read by many: remove one of the two.',
      breaches: ({ secret, defaultValue }) =>
        secret && defaultValue !== undefined ? [['defaultValue']] : [],
    },
    {
      says: 'Only a secret is given as a file here: make it a secret, or use a config file of the service.',
      breaches: ({ secret, file }) => (!secret && file ? [['file']] : []),
    },
  ],
)
export type TemplateVariable = z.output<typeof TemplateVariable>

const { shape } = Service

/** A service as in the custom resource, less the secrets, which a deployment adds with their versions. */
export const TemplateService = refineBy(
  z.object({
    name: shape.name,
    image: shape.image,
    containerPort: wholeNumber('Port', 1, 65_535)
      .optional()
      .describe('TCP port on which it listens; ports lists further ones. A worker has none.'),
    ports: shape.ports,
    hasConfigMap: yesOrNo('hasConfigMap')
      .default(true)
      .describe('It gets the variables that are no secrets and name no services.'),
    hasSecrets: yesOrNo('hasSecrets').default(false).describe('It gets the secrets that name no services.'),
    command: shape.command,
    args: shape.args,
    env: shape.env,
    configFiles: shape.configFiles,
    volumes: shape.volumes,
    resources: shape.resources,
    runAsUser: shape.runAsUser,
    fsGroup: shape.fsGroup,
    replicas: shape.replicas,
    autoscaling: shape.autoscaling,
    health: shape.health,
    dependsOn: shape.dependsOn,
  }),
  serviceRules,
)
export type TemplateService = z.output<typeof TemplateService>

const fields = z.object({
  metadata: TemplateMetadata,
  envVars: listByKey(TemplateVariable, {
    keys: ['name'],
    max: 64,
    says: 'Each variable is asked for once: remove the second.',
  })
    .default([])
    .describe('What somebody who deploys is asked.'),
  services: listByKey(TemplateService, {
    keys: ['name'],
    max: SERVICE_BOUNDS.services,
    says: 'Each service needs a name of its own: rename the second.',
  }).min(1, 'A template needs at least one service.'),
  ingress: IngressWithoutHosts.optional(),
})
type Fields = z.output<typeof fields>

/** Whether a service of a template listens on a TCP port. */
const listensOn = ({ containerPort, ports }: TemplateService, port: number): boolean =>
  containerPort === port || ports.some((each) => each.port === port && each.protocol === 'TCP')

const templateRules: readonly Rule<Fields>[] = [
  {
    says: 'The ingress names a service or a TCP port that this template does not have: correct it.',
    breaches: ({ services, ingress }) => {
      if (!ingress) return []
      const service = services.find(({ name }) => name === ingress.service)
      if (!service) return [['ingress', 'service']]
      return listensOn(service, ingress.port) ? [] : [['ingress', 'port']]
    },
  },
  {
    says: 'A variable goes to a service that is not in this template: correct the name.',
    breaches: ({ services, envVars }) =>
      envVars.flatMap((variable, v) =>
        (variable.services ?? []).flatMap((name, s) =>
          services.some((service) => service.name === name) ? [] : [['envVars', v, 'services', s]],
        ),
      ),
  },
]

/** A whole document, as an object that was read from YAML or JSON. Unknown fields are refused at any depth. */
export const TemplateDocument = refusingUnknown(
  refineBy(fields, [...dependencyRules, ...sizeRules, ...templateRules]),
)
export type TemplateDocument = z.output<typeof TemplateDocument>
