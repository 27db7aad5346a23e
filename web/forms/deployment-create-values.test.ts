import { expect, it } from 'vitest'

import { newId } from '../../src/contract/ids.ts'
import { CreateDeployment } from '../../src/modules/deployments/schema.ts'
import { TemplateView } from '../../src/modules/templates/schema.ts'
import { deployForm, initialValues, withoutValues, type DeployValues } from './deployment-create-values.ts'

const template = TemplateView.parse({
  id: newId('tpl'),
  name: 'hello-stack',
  scope: 'system',
  displayName: 'Hello stack',
  description: 'Two services.',
  category: '',
  version: 3,
  envVars: [
    { name: 'GREETING', defaultValue: 'Hello' },
    { name: 'OWNER', required: true },
    { name: 'TOKEN', required: true, secret: true },
  ],
  services: [
    { name: 'web', image: 'shipyard.local/hello:1', containerPort: 8080, replicas: 2 },
    { name: 'backend', image: 'shipyard.local/hello:1', containerPort: 8080 },
  ],
  ingress: { service: 'web', port: 8080 },
})
const ids = { id: newId('dep'), teamId: newId('team') }
const schema = deployForm(template, ids)
const filledIn = (more: Partial<DeployValues> = {}): DeployValues => ({
  ...initialValues(template),
  env: { GREETING: 'Hello', OWNER: 'Dana' },
  secrets: { TOKEN: 's3cret' },
  ...more,
})
const faultsOf = (values: DeployValues) =>
  Object.fromEntries(
    (schema.safeParse(values).error?.issues ?? []).map(({ path, message }) => [path.join('.'), message]),
  )

it('sends what the procedure takes, and of the services only what differs from the template', () => {
  const values = filledIn({ hosts: 'shop.example.com\n  www.example.com ' })
  const second = values.services[1]
  if (second) second.replicas = '3'
  const input = schema.parse(values)
  expect(CreateDeployment.parse(input)).toMatchObject({
    ...ids,
    displayName: 'Hello stack',
    templateId: template.id,
    templateVersion: 3,
    env: { GREETING: 'Hello', OWNER: 'Dana' },
    secrets: { TOKEN: 's3cret' },
    hosts: ['shop.example.com', 'www.example.com'],
  })
  expect(input.services).toEqual([{ name: 'backend', replicas: 3 }])
})

it('sends how requests are taken in only where that is not as in the template', () => {
  const ingress = {
    tls: { secretName: ' shop-tls ' },
    redirectToHttps: true,
    responseHeaders: [{ name: 'X-Frame-Options', value: 'DENY' }],
  }
  expect(schema.parse(filledIn())).not.toHaveProperty('ingress')
  expect(schema.parse(filledIn({ ingress })).ingress).toEqual({ ...ingress, tls: { secretName: 'shop-tls' } })
  const wrong = { ...ingress, responseHeaders: [...ingress.responseHeaders, { name: 'a b', value: 'ü' }] }
  expect(faultsOf(filledIn({ ingress: { ...wrong, tls: { secretName: 'No!' } } }))).toEqual({
    'ingress.tls.secretName': expect.any(String),
    'ingress.responseHeaders.1.name': expect.stringMatching(/^The name of a header has 1 to 64 /),
    'ingress.responseHeaders.1.value': expect.stringMatching(/^The value of a header is one line /),
  })
})

it('leaves a variable that is empty to its default', () => {
  expect(schema.parse(filledIn({ env: { GREETING: '', OWNER: 'Dana' } })).env).toEqual({ OWNER: 'Dana' })
})

it('says at each field what is missing', () => {
  expect(faultsOf(filledIn({ env: {}, secrets: { TOKEN: '' } }))).toEqual({
    'env.OWNER': 'The variable OWNER is required and has no value. Enter one.',
    'secrets.TOKEN': 'The secret TOKEN is required and has no value. Enter one.',
  })
})

it("says at each field what the procedure's own schema says, missing ones included", () => {
  const values = filledIn({ displayName: '  ', hosts: 'good.example.com not_a_host', env: {} })
  const [first] = values.services
  if (first) Object.assign(first, { image: 'Not An Image', replicas: 'many' })
  expect(faultsOf(values)).toEqual({
    displayName: 'The name of a deployment has 1 to 60 characters.',
    'env.OWNER': 'The variable OWNER is required and has no value. Enter one.',
    'services.0.image': expect.stringMatching(/^An image is written like /),
    'services.0.replicas': 'The number of replicas must be a whole number from 0 to 50.',
    'hosts.1': expect.stringMatching(/^A host name is written like /),
  })
})

it('says what the server says of amounts that cannot be read or contradict each other, and of too much text', () => {
  const values = filledIn({ env: { GREETING: 'x'.repeat(200_000), OWNER: 'Dana' } })
  const [first, second] = values.services
  Object.assign(first?.resources.requests ?? {}, { cpu: 'a lot', memory: '16 MB' })
  Object.assign(second?.resources.requests ?? {}, { memory: '900Gi' })
  const faults = faultsOf(values)
  expect(faults).toMatchObject({
    'env.GREETING': 'The value of a variable has at most 32768 characters and no NUL.',
    'services.0.resources.requests.cpu': expect.stringMatching(/^CPU is written in /),
    'services.0.resources.requests.memory': expect.stringMatching(/^Memory is written /),
    'services.1.resources.requests.memory': expect.stringMatching(/limit/),
  })
  const services = values.services.map(({ name, resources }) => ({ name, resources }))
  const sent = { ...ids, displayName: 'A', templateId: template.id, env: values.env, services }
  const refused = CreateDeployment.safeParse(sent).error?.issues.map(({ message }) => message)
  expect(refused).toEqual(expect.arrayContaining(Object.values(faults)))
})

it('keeps the values of secrets out of a plan', () => {
  const input = withoutValues(schema.parse(filledIn()))
  expect(JSON.stringify(input)).not.toContain('s3cret')
  expect(Object.keys(input.secrets ?? {})).toEqual(['TOKEN'])
})
