/** Templates with filled-in forms, as somebody might write and answer them: every pair can be deployed. */
import fc from 'fast-check'

import { IngressManner } from '../crd/ingress.ts'
import { newId } from '../ids.ts'
import type { ServiceName } from '../names.ts'
import { TemplateDocument } from '../template.ts'
import { arbitraryManner } from './arbitrary-manner.ts'
import { anyText, arbitraryService, word, type ServiceInput } from './arbitrary-service.ts'

/** What `deployments.create` and `deployments.plan` are asked, less the ids. */
export interface ArbitraryForm {
  readonly template: TemplateDocument
  readonly answers: {
    readonly displayName: string
    readonly visibility: 'public' | 'internal'
    readonly env: Record<string, string>
    readonly secrets: Record<string, string>
    readonly services: { name: string; replicas?: number; env?: { name: string; value: string }[] }[]
    readonly hosts: string[]
    readonly ingress?: IngressManner
  }
}

interface Question {
  readonly name: string
  readonly secret: boolean
  readonly required: boolean
  readonly defaultValue?: string
  readonly services?: string[]
  readonly file?: { path: string; mode: number }
}

/** Each leads to another outcome: a digest is looked up, a digest is there, nobody knows one. */
export interface FormImages {
  readonly images: readonly [string, ...string[]]
}

const VARIABLES = ['TITLE', 'COLOUR', 'EMPTY'] as const
const SECRETS = ['TOKEN', 'CERT'] as const

/** So small that a namespace has room for all of it, and a controller manager for hundreds of them. */
const resources = fc.constantFrom<NonNullable<ServiceInput['resources']>>(
  {},
  { requests: { cpu: '0.01', memory: '16Mi' } },
  { requests: { cpu: '10m', memory: '8M' }, limits: { cpu: '1', memory: '16.5M' } },
)

const pods = fc.oneof<fc.Arbitrary<Pick<ServiceInput, 'replicas' | 'autoscaling' | 'volumes'>>[]>(
  fc.constant({}),
  fc.integer({ min: 0, max: 2 }).map((replicas) => ({ replicas })),
  fc.integer({ min: 1, max: 9 }).map((maxReplicas) => ({ autoscaling: { maxReplicas } })),
  fc
    .record({ keepAfterDelete: fc.boolean(), size: fc.constantFrom('1.234Mi', '5M', '1Gi') })
    .map((volume) => ({ volumes: [{ name: 'data', path: '/volumes/data', ...volume }] })),
)

const owner = { userId: newId('usr'), orgId: newId('org') }

/** A service of a template; the containerPort is besides its ports. */
function templateService(name: string, { images }: FormImages): fc.Arbitrary<object> {
  const given = fc.record(
    {
      containerPort: fc.integer({ min: 1, max: 65_535 }),
      hasConfigMap: fc.boolean(),
      hasSecrets: fc.boolean(),
    },
    { requiredKeys: [] },
  )
  return fc
    .tuple(arbitraryService(name, owner), fc.constantFrom(...images), resources, pods, given)
    .map(([service, image, sizes, scale, rest]) => {
      const { secrets: _s, replicas: _r, autoscaling: _a, volumes: _v, ...fields } = service
      return { ...fields, image, resources: sizes, ...scale, ...rest }
    })
}

function questions(names: readonly string[]): fc.Arbitrary<Question[]> {
  const services = fc.option(fc.subarray([...names], { minLength: 1 }), { nil: undefined })
  const variable = fc.record(
    { name: fc.constantFrom(...VARIABLES), required: fc.boolean(), defaultValue: anyText(20), services },
    { requiredKeys: ['name', 'required'] },
  )
  const secret = fc
    .record({
      name: fc.constantFrom(...SECRETS),
      required: fc.boolean(),
      isFile: fc.boolean(),
      mode: fc.integer({ min: 0, max: 0o777 }),
      services,
    })
    .map(({ isFile, mode, ...rest }) => ({
      ...rest,
      ...(isFile ? { file: { path: `/secrets/${rest.name}`, mode } } : {}),
    }))
  const once = <T extends { name: string }>(of: fc.Arbitrary<T>): fc.Arbitrary<T[]> =>
    fc.uniqueArray(of, { selector: ({ name }) => name, maxLength: 3 })
  return fc
    .tuple(once(variable), once(secret))
    .map(([open, hidden]) => [
      ...open.map((each) => withoutUndefined({ ...each, secret: false })),
      ...hidden.map((each) => withoutUndefined({ ...each, secret: true })),
    ])
}

const withoutUndefined = <T extends object>(value: T): T =>
  Object.fromEntries(Object.entries(value).filter(([, each]) => each !== undefined)) as T

/** How requests are taken in, with what has a default filled in. */
const manner: fc.Arbitrary<IngressManner> = arbitraryManner.map((how) => IngressManner.parse(how))

function template(given: FormImages): fc.Arbitrary<TemplateDocument> {
  const names = fc.uniqueArray(word(30), { minLength: 1, maxLength: 3 })
  return names.chain((all) => {
    const services = all.map((name, index) =>
      fc
        .tuple(templateService(name, given), fc.subarray(all.slice(0, index)))
        .map(([service, dependsOn]) => ({ ...service, dependsOn })),
    )
    return fc
      .tuple(fc.tuple(...services), questions(all), fc.nat(), manner)
      .map(([each, envVars, pick, how]) => {
        const metadata = { displayName: 'Anything', description: 'Whatever somebody may write.' }
        const document = TemplateDocument.parse({ metadata, envVars, services: each })
        const door = doorsOf(document)[pick % (doorsOf(document).length + 1)]
        return door ? { ...document, ingress: { ...door, ...how } } : document
      })
  })
}

/** Every TCP port of a template. */
const doorsOf = ({ services }: TemplateDocument): { service: ServiceName; port: number }[] =>
  services.flatMap(({ name, containerPort, ports }) =>
    [
      ...(containerPort === undefined ? [] : [containerPort]),
      ...ports.filter(({ protocol }) => protocol === 'TCP').map(({ port }) => port),
    ].map((port) => ({ service: name, port })),
  )

/** A value for all that is required, and for some of the rest. */
function answered(asked: readonly Question[], isAnswered: readonly boolean[]): Record<string, string> {
  const chosen = asked.filter(({ required }, index) => required || isAnswered[index])
  return Object.fromEntries(chosen.map(({ name }) => [name, `the ${name.toLowerCase()} of mine`]))
}

/** @param given images that the registry of the test knows how to answer for */
export function arbitraryForm(given: FormImages): fc.Arbitrary<ArbitraryForm> {
  const host = fc.stringMatching(/^[a-z]{12}$/).map((label) => `${label}.example.org`)
  return template(given).chain((document) => {
    const asked = document.envVars as readonly Question[]
    const service = fc.record(
      {
        name: fc.constantFrom(...document.services.map(({ name }) => name as string)),
        replicas: fc.integer({ min: 0, max: 2 }),
        env: fc.constantFrom<{ name: string; value: string }[][]>(
          [{ name: 'TITLE', value: 'another' }],
          [{ name: 'MORE', value: '$(TITLE)' }],
        ),
      },
      { requiredKeys: ['name'] },
    )
    return fc
      .record({
        displayName: fc.constantFrom('Shop', 'Bücher 📚', 'a'.repeat(60)),
        visibility: fc.constantFrom('public' as const, 'internal' as const),
        isAnswered: fc.array(fc.boolean(), { minLength: asked.length, maxLength: asked.length }),
        services: fc.uniqueArray(service, { selector: ({ name }) => name, maxLength: 2 }),
        hosts: fc.uniqueArray(host, { maxLength: document.ingress ? 2 : 0 }),
        ingress: document.ingress ? fc.option(manner, { nil: undefined }) : fc.constant(undefined),
      })
      .map(({ isAnswered, services, ingress, ...rest }) => {
        const values = (secret: boolean): Record<string, string> =>
          answered(
            asked.filter((each) => each.secret === secret),
            isAnswered,
          )
        return {
          template: document,
          answers: {
            ...rest,
            ...(ingress ? { ingress } : {}),
            env: values(false),
            secrets: values(true),
            services: services.map((each) => withinRules(each, document)),
          },
        }
      })
  })
}

/** A service with a volume runs as one pod. */
function withinRules<T extends { name: string; replicas?: number }>(
  { replicas, ...rest }: T,
  { services }: TemplateDocument,
): Omit<T, 'replicas'> & { replicas?: number } {
  const isHeld = services.some(({ name, volumes }) => name === rest.name && volumes.length > 0)
  return isHeld || replicas === undefined ? rest : { ...rest, replicas }
}
