import { expect, it } from 'vitest'

import { nameRule } from './generate.ts'
import { MAX_ENV_CHARACTERS, specRules } from '../../src/contract/crd/spec-rules.ts'
import { serviceRules } from '../../src/contract/crd/service.ts'
import { UserDeploymentSpec } from '../../src/contract/crd/user-deployment.ts'
import { largestSpec, smallSpec, smallService } from '../../src/contract/testing/specs.ts'
import { generateName } from '../../src/contract/names.ts'
import { resourceOf, withApiServer } from '../../e2e/fixtures/user-deployment-api.ts'

const { ask, dryRun } = withApiServer()

/** For each rule, by the beginning of its sentence, a spec that breaks it and nothing else. */
const BREACHES: Record<string, unknown> = {
  'A service depends on one that is not': smallSpec({ services: [smallService({ dependsOn: ['db'] })] }),
  'The ingress names a service or a TCP port': smallSpec({ ingress: { service: 'web', port: 81 } }),
  'The variables of all services together': smallSpec({
    services: [smallService({ env: fullEnv(1) })],
  }),
  'The config files of all services together': smallSpec({
    services: [
      smallService({
        configFiles: Array.from({ length: 8 }, (_, i) => ({
          path: `/etc/${i}`,
          content: 'x'.repeat(62_501),
        })),
      }),
    ],
  }),
  'A secret belongs to another user': smallSpec({
    pullSecrets: [{ registry: 'ghcr.io', path: `orgs/${'z'.repeat(25)}/secrets`, version: 1 }],
  }),
  'A service has either a number of replicas': smallSpec({
    services: [smallService({ replicas: 1, autoscaling: { maxReplicas: 1 } })],
  }),
  'A service with a volume runs as one pod': smallSpec({
    services: [smallService({ replicas: 2, volumes: [{ name: 'data', path: '/data', size: '1Gi' }] })],
  }),
  'Each volume needs a path of its own': smallSpec({
    services: [
      smallService({
        volumes: [{ name: 'data', path: '/data', size: '1Gi' }],
        configFiles: [{ path: '/data' }],
      }),
    ],
  }),
}

/** Eight variables that have as many characters together as are allowed, and some more. */
function fullEnv(more: number): { name: string; value: string }[] {
  const each = MAX_ENV_CHARACTERS / 8
  return Array.from({ length: 8 }, (_, index) => ({
    name: `V${index}`,
    value: 'x'.repeat(each - 2 + (index === 0 ? more : 0)),
  }))
}

const sentences = [...serviceRules, ...specRules]
  .filter(({ cel }) => cel !== undefined)
  .map(({ says }) => says)

it.each(sentences)('refuses with a sentence: %s', async (sentence) => {
  const spec = Object.entries(BREACHES).find(([beginning]) => sentence.startsWith(beginning))?.[1]
  const { status, message } = await dryRun(spec)
  expect({ status, message }).toEqual({ status: 422, message: expect.stringContaining(sentence) })
  const issues = UserDeploymentSpec.safeParse(spec).error?.issues.map(({ message: says }) => says)
  expect(issues).toEqual([sentence])
})

it('affords its rules for the largest spec that there can be', async () => {
  const spec = largestSpec()
  expect(UserDeploymentSpec.safeParse(spec).error).toBeUndefined()
  const { status, message } = await dryRun(spec)
  expect({ status, message }).toEqual({ status: 201, message: '' })
})

it('takes exactly as many characters of variables as are allowed', async () => {
  const spec = smallSpec({ services: [smallService({ env: fullEnv(0) })] })
  expect(await dryRun(spec)).toMatchObject({ status: 201 })
})

it('drops null, which zod refuses', async () => {
  const spec = { ...smallSpec(), displayName: null }
  const { status, object } = await dryRun(spec)
  expect(status).toBe(201)
  expect(object.spec).not.toHaveProperty('displayName')
  expect(UserDeploymentSpec.safeParse(spec).success).toBe(false)
})

it('refuses a name that was not generated', async () => {
  const body = resourceOf(smallSpec(), 'my-app')
  const answer = await ask({ method: 'POST', query: '?dryRun=All', body })
  expect(answer).toMatchObject({ status: 422, message: expect.stringContaining(nameRule.message) })
})

it('keeps a deployment with its user and organisation', async () => {
  const name = generateName()
  const first = await ask({ method: 'POST', body: resourceOf(smallSpec(), name) })
  expect(first).toMatchObject({ status: 201 })
  const other = { spec: { owner: { userId: `usr_${'b'.repeat(25)}` } } }
  const change = await ask({ method: 'PATCH', path: `/${name}`, body: other })
  expect(change).toMatchObject({ status: 422, message: expect.stringContaining('stays in the namespace') })
  const otherTeam = { spec: { owner: { teamId: `team_${'b'.repeat(25)}` } } }
  expect(await ask({ method: 'PATCH', path: `/${name}`, body: otherTeam })).toMatchObject({ status: 200 })
})

it('keeps the status apart from the spec', async () => {
  const name = generateName()
  const made = await ask({
    method: 'POST',
    body: { ...resourceOf(smallSpec(), name), status: { phase: 'Ready' } },
  })
  expect(made.object.status).toBeUndefined()
  const lastTransitionTime = '2030-01-31T12:00:00Z'
  const ready = {
    type: 'Ready',
    status: 'True',
    reason: 'Available',
    message: 'All services run.',
    lastTransitionTime,
  }
  const status = {
    observedGeneration: 1,
    phase: 'Ready',
    conditions: [ready],
    services: [{ name: 'web', ready: 1 }],
  }
  const body = { status, spec: { suspended: true } }
  const { object } = await ask({ method: 'PATCH', path: `/${name}/status`, body })
  expect(object.status).toMatchObject({ phase: 'Ready', services: [{ name: 'web', ready: 1, restarts: 0 }] })
  expect(object).toMatchObject({ metadata: { generation: 1 }, spec: { suspended: false } })
  const wrong = await ask({ method: 'PATCH', path: `/${name}/status`, body: { status: { phase: 'Fine' } } })
  expect(wrong.status).toBe(422)
})
