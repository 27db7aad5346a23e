import fc from 'fast-check'
import { expect, it } from 'vitest'

import { Domain, vaultPaths, type ResourceName } from '../../contract/names.ts'
import { newId } from '../../contract/ids.ts'
import { TemplateDocument } from '../../contract/template.ts'
import { readSystemTemplates } from '../templates/system-templates.ts'
import { planDeployment, type PlanInput } from './plan-deployment.ts'

const path = vaultPaths.deployment({ userId: newId('usr'), name: 'abcdefghij' as ResourceName })

/** Two services; one asks for secrets. */
const template = TemplateDocument.parse({
  metadata: { displayName: 'Shop', description: 'A shop.' },
  envVars: [
    { name: 'TITLE', required: true },
    { name: 'COLOUR', defaultValue: 'red' },
    { name: 'UNSET' },
    { name: 'ONLY_API', defaultValue: 'x', services: ['api'] },
    { name: 'KEY', secret: true, required: true },
    { name: 'CERT', secret: true, file: { path: '/etc/cert.pem' }, services: ['web'] },
  ],
  services: [
    {
      name: 'web',
      image: 'web:1',
      containerPort: 80,
      hasSecrets: true,
      env: [{ name: 'COLOUR', value: 'blue' }],
    },
    { name: 'api', image: 'api:1', containerPort: 90, ports: [{ port: 90 }], hasConfigMap: false },
  ],
  ingress: { service: 'web', port: 80 },
})

const plan = (answers: object = {}, given: Partial<PlanInput> = {}) =>
  planDeployment({
    template,
    answers: {
      visibility: 'public',
      rollbackOnFailure: false,
      env: { TITLE: 'Hi' },
      secrets: { KEY: 'k' },
      services: [],
      hosts: [],
      ...answers,
    } as PlanInput['answers'],
    secret: { path, version: 1 },
    platform: { deploymentDomain: Domain.parse('apps.example.com'), reservedHosts: ['shipyard.example.com'] },
    ...given,
  })

const service = (spec: ReturnType<typeof plan>, name: string) =>
  spec.services.find((each) => each.name === name)

it('gives each service the variables that are for it, the later ones in place of the earlier', () => {
  const spec = plan({ services: [{ name: 'web', env: [{ name: 'TITLE', value: 'Override' }] }] })
  expect(service(spec, 'web')?.env).toEqual([
    { name: 'COLOUR', value: 'red' },
    { name: 'TITLE', value: 'Override' },
  ])
  expect(service(spec, 'api')?.env).toEqual([{ name: 'ONLY_API', value: 'x' }])
})

it('gives secrets to whom they are for, as a variable or a file, and only those that have a value', () => {
  expect(service(plan(), 'web')?.secrets).toEqual([{ path, version: 1, keys: [{ key: 'KEY', env: 'KEY' }] }])
  const spec = plan({ secrets: { KEY: 'k', CERT: 'c' } })
  expect(service(spec, 'web')?.secrets[0]?.keys).toEqual([
    { key: 'KEY', env: 'KEY' },
    { key: 'CERT', file: { path: '/etc/cert.pem', mode: 0o444 } },
  ])
  expect(service(spec, 'api')?.secrets).toEqual([])
})

it('lists the container’s port once', () => {
  const ports = plan().services.map((each) => each.ports)
  expect(ports).toEqual([[{ port: 80, protocol: 'TCP' }], [{ port: 90, protocol: 'TCP' }]])
})

it('takes what a deployment changes of a service', () => {
  const web = service(plan({ services: [{ name: 'web', image: 'web:2', replicas: 3 }] }), 'web')
  expect(web).toMatchObject({ image: 'web:2', replicas: 3 })
})

const code = (answers: object, given?: Partial<PlanInput>): unknown => {
  try {
    plan(answers, given)
    return 'planned'
  } catch (error) {
    return (error as { code: string }).code
  }
}

it.each([
  [{ env: {} }, 'INVALID_INPUT'],
  [{ env: { TITLE: '' } }, 'INVALID_INPUT'],
  [{ env: { TITLE: 'x', NOPE: 'y' } }, 'INVALID_INPUT'],
  [{ env: { TITLE: 'x', KEY: 'y' } }, 'INVALID_INPUT'],
  [{ secrets: {} }, 'SECRET_MISSING'],
  [{ secrets: { KEY: 'k', TITLE: 'y' } }, 'INVALID_INPUT'],
  [{ services: [{ name: 'nope' }] }, 'INVALID_INPUT'],
  [{ hosts: ['apps.example.com'] }, 'INVALID_INPUT'],
  [{ hosts: ['x.apps.example.com'] }, 'INVALID_INPUT'],
  [{ hosts: ['shipyard.example.com'] }, 'INVALID_INPUT'],
  [{ hosts: ['shop.example.org'] }, 'planned'],
])('answers %j with %s', (answers, wanted) => {
  expect(code(answers)).toBe(wanted)
})

it('refuses host names where nothing answers requests', () => {
  const { ingress: _, ...worker } = template
  expect(code({ hosts: ['a.example.org'] }, { template: worker })).toBe('INVALID_INPUT')
})

it('takes requests in as the template says, or altogether as the deployment says', () => {
  const ingress = { service: 'web', port: 80, redirectToHttps: true, responseHeaders: [] }
  const strict = TemplateDocument.parse({ ...template, ingress })
  expect(plan().ingress).toEqual({ ...ingress, redirectToHttps: false })
  expect(plan({}, { template: strict }).ingress).toEqual(ingress)
  const own = {
    tls: { secretName: 'shop-tls' },
    redirectToHttps: false,
    responseHeaders: [{ name: 'X-Frame-Options', value: 'DENY' }],
  }
  expect(plan({ ingress: own }, { template: strict }).ingress).toEqual({ service: 'web', port: 80, ...own })
  const { ingress: _, ...worker } = template
  expect(code({ ingress: own }, { template: worker })).toBe('INVALID_INPUT')
})

it('never throws anything but a refusal, whatever is answered', () => {
  const key = fc.constantFrom('TITLE', 'COLOUR', 'KEY', 'CERT', '__proto__', 'toString', 'constructor')
  const values = fc.dictionary(key, fc.string())
  fc.assert(
    fc.property(values, values, (env, secrets) => {
      expect(['planned', 'INVALID_INPUT', 'SECRET_MISSING']).toContain(code({ env, secrets }))
    }),
  )
})

it('plans every template of the installation with its required answers', () => {
  for (const { document } of readSystemTemplates()) {
    const required = (secret: boolean) =>
      Object.fromEntries(
        document.envVars
          .filter((each) => each.required && each.secret === secret)
          .map(({ name }) => [name, 'x']),
      )
    expect(code({ env: required(false), secrets: required(true) }, { template: document })).toBe('planned')
  }
})
