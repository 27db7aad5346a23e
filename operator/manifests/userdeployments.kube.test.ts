import fc from 'fast-check'
import { expect, inject, it } from 'vitest'

import { GROUP, PLURALS } from '../../src/contract/crd/meta.ts'
import { specRules } from '../../src/contract/crd/spec-rules.ts'
import { UserDeploymentSpec } from '../../src/contract/crd/user-deployment.ts'
import { arbitrarySpecInput } from '../../src/contract/testing/arbitrary-spec.ts'
import { damaged } from '../../src/contract/testing/mutate.ts'
import { withApiServer, type Answer } from '../../e2e/fixtures/user-deployment-api.ts'

const { cluster, dryRun } = withApiServer()

/** Rules that CEL cannot say: what only they refuse is taken by the API server, and refused by the operator. */
const ONLY_OURS = new Set(specRules.filter(({ cel }) => cel === undefined).map(({ says }) => says))
const CEL_SENTENCES = new Set(specRules.filter(({ cel }) => cel !== undefined).map(({ says }) => says))

interface Tally {
  accepted: number
  refused: number
  disagreements: unknown[]
}

/** Holds zod and the API server against each other, sixteen questions at a time. */
async function compare(specs: unknown[]): Promise<Tally> {
  const tally: Tally = { accepted: 0, refused: 0, disagreements: [] }
  const waiting = [...specs]
  const worker = async (): Promise<void> => {
    for (let spec = waiting.pop(); spec !== undefined; spec = waiting.pop()) await compareOne(spec, tally)
  }
  await Promise.all(Array.from({ length: 16 }, worker))
  return tally
}

async function compareOne(spec: unknown, tally: Tally): Promise<void> {
  const zod = UserDeploymentSpec.safeParse(spec)
  const says = (zod.error?.issues ?? []).map(({ message }) => message).filter((each) => !ONLY_OURS.has(each))
  const answer = await dryRun(spec)
  if (answer.status === 201) tally.accepted++
  else tally.refused++
  const isSame = says.length === 0 ? isAccepted(answer, zod.data) : isRefused(answer, says)
  if (!isSame)
    tally.disagreements.push({ given: JSON.stringify(spec), zod: zod.error?.issues ?? zod.data, answer })
}

/** It is taken, with the defaults that zod fills in too (nothing to compare when only zod has a rule against it). */
const isAccepted = ({ status, object }: Answer, parsed: unknown): boolean =>
  status === 201 && (parsed === undefined || sorted(parsed) === sorted(object.spec))

/** It is refused, and in zod's words if all are those of rules. */
function isRefused({ status, message }: Answer, says: string[]): boolean {
  const wantsWords = says.every((each) => CEL_SENTENCES.has(each))
  return [400, 422].includes(status) && (!wantsWords || says.every((each) => message.includes(each)))
}

/** As JSON, whatever the order of fields was. */
const sorted = (value: unknown): string =>
  JSON.stringify(value, (_, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  )

/** As many valid ones as damaged ones. */
async function tallyOf(count: number): Promise<Tally & { seed: number }> {
  const seed = inject('testSeed')
  const half = { numRuns: count / 2, seed }
  const specs = [...fc.sample(arbitrarySpecInput, half), ...fc.sample(damaged(arbitrarySpecInput), half)]
  return { ...(await compare(specs)), seed }
}

it('is taken by the API server as a structural schema', async () => {
  const path = `/apis/apiextensions.k8s.io/v1/customresourcedefinitions/${PLURALS.UserDeployment}.${GROUP}`
  const definition = await cluster.get<{ status: { conditions: { type: string; status: string }[] } }>(path)
  const conditions = definition.status.conditions.map(({ type, status }) => `${type}=${status}`)
  expect(conditions.toSorted()).toEqual(['Established=True', 'NamesAccepted=True'])
})

const SPECS = inject('testLevel') >= 9 ? 1000 : 300

it(`agrees with zod on ${SPECS} specs, and fills in the same defaults`, async () => {
  const { accepted, refused, disagreements, seed } = await tallyOf(SPECS)
  expect(disagreements.slice(0, 2), `seed ${seed}`).toEqual([])
  expect(accepted).toBeGreaterThan(SPECS * 0.5)
  expect(refused).toBeGreaterThan(SPECS * 0.2)
})
