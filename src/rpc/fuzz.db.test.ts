/**
 * Every procedure, fed from its own schema with inputs that it takes, that it nearly takes, and with anything, by an
 * owner, a viewer and a stranger: whatever comes is an answer or an error of the catalogue that is the caller's.
 */
import fc from 'fast-check'
import { beforeAll, expect, inject, it } from 'vitest'
import { z } from 'zod'

import type { UserId } from '../contract/ids.ts'
import { damaged } from '../contract/testing/mutate.ts'
import { aMember, aTenant } from '../testing/builders.ts'
import { arbitraryOf, type Pool } from '../testing/arbitrary-of-schema.ts'
import type { Place } from '../testing/place.ts'
import { aPlace, callByPath, inputOf } from '../testing/procedure-inputs.ts'
import { declaredProcedures } from '../testing/procedures.ts'
import { useWorld, type Api } from '../testing/world.ts'
import { publicErrorOf, type ErrorData } from './error-format.ts'

const CALLS = inject('testLevel') > 1 ? 200_000 : 20_000
/** What an owner may delete is made anew so often. */
const BATCH = 1_000
const AT_ONCE = 8

const world = useWorld({ isBillingEnabled: true })
let pool: Pool = {}
let apis: Api[] = []
let good: Map<string, unknown> = new Map()

type Inputs = (typeof declaredProcedures)[number][1]['inputs']

const shapeOf = (inputs: Inputs): z.ZodType =>
  z.object(Object.assign({}, ...inputs.map(({ shape = {} }) => shape)) as z.core.$ZodLooseShape)

/** Mostly what gets further than to the check of the input. */
const arbitraries = new Map(
  declaredProcedures.map(([path, { inputs }]) => {
    const valid = arbitraryOf(shapeOf(inputs), () => pool)
    const known = fc.constant(null).map(() => good.get(path))
    const some = fc.oneof(
      { weight: 4, arbitrary: valid },
      { weight: 2, arbitrary: damaged(valid) },
      { weight: 1, arbitrary: known },
      { weight: 2, arbitrary: damaged(known) },
      { weight: 1, arbitrary: fc.jsonValue() },
      { weight: 1, arbitrary: fc.anything() },
    )
    return [path, some] as const
  }),
)

async function begin(): Promise<void> {
  const tenant = await aTenant(world.db)
  const stranger = await aTenant(world.db, { name: 'Eve' })
  const viewer = await aMember(world.db, tenant, { team: 'viewer' })
  const places = [await aPlace(world, tenant), await aPlace(world, tenant), await aPlace(world, stranger)]
  pool = poolOf(places, [tenant.userId, viewer])
  const [first] = places
  const inputs = declaredProcedures.map(
    async ([path]) => [path, await inputOf(path, first as Place)] as const,
  )
  good = new Map(await Promise.all(inputs))
  apis = await Promise.all([tenant.userId, viewer, stranger.userId].map(async (id) => world.as(id)))
}

/** Ids of things that are there, twice as many of one's own. */
const poolOf = (places: readonly Place[], users: readonly UserId[]): Pool => ({
  usr: users,
  org: places.map(({ orgId }) => orgId),
  team: places.map(({ teamId }) => teamId),
  dep: places.map(({ id }) => id),
  tpl: places.map(({ ownTemplateId }) => ownTemplateId),
  key: places.flatMap(({ ownKeyId, teamKeyId }) => [ownKeyId, teamKeyId]),
  aud: places.map(({ auditId }) => auditId),
})

interface Call {
  readonly path: string
  readonly role: number
  readonly input: unknown
}

/** Words of our insides: paths of files, stacks, statements, names of libraries. */
const INTERNALS =
  /\.(ts|mjs|js):\d|node_modules|\bat [\w.<>]+ \(|\b(prisma|postgres|trpc|zod|ECONN\w*|undefined)\b|\[object/i
/** In capitals: they are words as well. */
const STATEMENTS = /\b(SELECT|INSERT INTO|UPDATE|DELETE FROM) /
const ID = /\b[a-z]+_[a-z2-7]{25}\b/g

/** What is wrong with how a call ended; undefined: nothing. */
function faultOf(error: unknown, { path, input, role }: Call): string | undefined {
  const told: ErrorData = publicErrorOf(error, { requestId: 'req_fuzz' })
  const said = [told.sentence, ...(told.fields ?? []).map(({ sentence }) => sentence)]
  const sentences = said.map((sentence) => sentence.replaceAll(ID, 'ID'))
  const isOurs = told.httpStatus >= 500
  const isInside = (sentence: string): boolean => INTERNALS.test(sentence) || STATEMENTS.test(sentence)
  const isLeak = sentences.some((sentence) => isInside(sentence) && !echoes(input, sentence))
  if (!isOurs && !isLeak) return undefined
  const cause = error instanceof Error ? (error.cause ?? error) : error
  return `${path} as ${role}: ${told.code} ${sentences.join(' ')} for ${fc.stringify(input).slice(0, 600)}: ${String((cause as Error).stack ?? cause).slice(0, 900)}`
}

/** A sentence may repeat what was asked. */
const echoes = (input: unknown, sentence: string): boolean =>
  [...sentence.matchAll(/"([^"]+)"/g)].some(([, word = '']) => fc.stringify(input).includes(word))

let answered = 0
const faults: string[] = []

async function carryOut(call: Call): Promise<void> {
  const api = apis[call.role]
  if (!api) throw new Error('There is no such role.')
  try {
    await callByPath(api, call.path, call.input)
    answered += 1
  } catch (error) {
    const fault = faultOf(error, call)
    if (fault !== undefined) faults.push(fault)
  }
}

function callsOf(seed: number): Call[] {
  const paths = declaredProcedures.map(([path]) => path)
  const each = Math.ceil(BATCH / paths.length)
  const calls = paths.flatMap((path, at) => {
    const arbitrary = fc.record({ input: arbitraries.get(path) ?? fc.anything(), role: fc.nat({ max: 2 }) })
    return fc.sample(arbitrary, { seed: seed + at, numRuns: each }).map((given) => ({ path, ...given }))
  })
  // In an order of their own, so that one finds what another left.
  return fc.sample(fc.shuffledSubarray(calls, { minLength: calls.length }), { seed, numRuns: 1 })[0] ?? []
}

beforeAll(begin)

it(
  `answers ${CALLS} calls with nothing that is our fault, and nothing of our insides`,
  async () => {
    let done = 0
    const seed = inject('testSeed')
    for (let batch = 0; done < CALLS && faults.length < 10; batch++) {
      await begin()
      const queue = callsOf(seed + batch * 1_000)
      done += queue.length
      const work = async (): Promise<void> => {
        for (let call = queue.pop(); call; call = queue.pop()) await carryOut(call)
      }
      await Promise.all(Array.from({ length: AT_ONCE }, work))
    }
    expect(faults).toEqual([])
    expect(done).toBeGreaterThanOrEqual(CALLS)
    expect(answered).toBeGreaterThan(CALLS / 20)
  },
  CALLS * 20,
)
