import { expect, it } from 'vitest'

import { ACTIONS, POLICY } from '../contract/policy.ts'
import { declaredProcedures as procedures } from '../testing/procedures.ts'

it('finds the procedures', () => {
  expect(procedures.length).toBeGreaterThan(20)
})

it.each(procedures)('%s declares a right that the policy knows', (_, { meta }) => {
  expect(['anyone', ...ACTIONS]).toContain(meta.can)
})

/** May only shrink: what anybody may ask. */
const FOR_ANYONE: string[] = []

it('leaves to anybody what is listed here, and nothing else', () => {
  const open = procedures.filter(([, { meta }]) => meta.can === 'anyone').map(([path]) => path)
  expect(open).toEqual(FOR_ANYONE)
})

it.each(procedures)('%s declares what it answers with', (_, { output }) => {
  expect(output).toBeDefined()
})

it.each(procedures)('%s names its place before everything else', (_, { meta, inputs }) => {
  const { can } = meta
  if (can === 'anyone') return
  const { scope } = POLICY[can]
  const [first] = inputs
  const names = Object.keys(first?.shape ?? {})
  // What is one's own, and the right of the platform, is asked for before any input: there is no place to name.
  const wanted = { org: [['orgId']], team: [['teamId'], ['id']], self: [names], platform: [names] }[scope]
  expect(wanted).toContainEqual(names)
})

it.each(procedures.filter(([, { type }]) => type === 'mutation'))(
  '%s says what it writes to the audit',
  (_, { meta }) => {
    expect(meta.audit).toBeDefined()
  },
)

/** May only shrink: mutations that leave no row in the audit, because they change nothing that others see. */
const WITHOUT_AUDIT = ['teams.setCurrent', 'deployments.plan', 'deployments.planUpdate']

it('lets no other mutation go without an audit row', () => {
  const silent = procedures.filter(([, { meta }]) => meta.audit === 'none').map(([path]) => path)
  expect(silent).toEqual(WITHOUT_AUDIT)
})

/** Another right for a procedure is a difference here, which somebody has to look at. */
it('asks for the rights in procedures.golden.txt', async () => {
  const width = Math.max(...procedures.map(([path]) => path.length))
  const lines = procedures
    .map(([path, { type, meta }]) => `${path.padEnd(width)}  ${type.padEnd(12)}  ${meta.can}\n`)
    .toSorted()
  await expect(lines.join('')).toMatchFileSnapshot('procedures.golden.txt')
})

it('gives a session another token where people change their own rights, and nowhere else', () => {
  const renewing = procedures.filter(([, { meta }]) => meta.renewsSession).map(([path]) => path)
  expect(renewing.toSorted()).toEqual([
    'invitations.accept',
    'orgs.create',
    'orgs.transfer',
    'sessions.revokeOthers',
  ])
})
