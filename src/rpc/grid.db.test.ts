/** Every procedure, called by everybody about everything: what the table of rights says is what happens. */
import { beforeAll, expect, it } from 'vitest'

import { POLICY, type Action } from '../contract/policy.ts'
import { aGrid, contextFor, expectedOf, type Grid, type GridCaller } from '../testing/grid.ts'
import { callByPath } from '../testing/procedure-inputs.ts'
import { declaredProcedures } from '../testing/procedures.ts'
import { useWorld } from '../testing/world.ts'
import { appRouter } from './app-router.ts'
import { publicErrorOf, type ErrorData } from './error-format.ts'
import { t } from './init.ts'

const world = useWorld()
let grid: Grid
const createCaller = t.createCallerFactory(appRouter)

beforeAll(async () => {
  grid = await aGrid(world)
})

type Procedure = (typeof declaredProcedures)[number]

const actionOf = ([, { meta }]: Procedure): Action => {
  if (meta.can === 'anyone') throw new Error('What is for anyone is no part of the grid.')
  return meta.can
}
const procedures = declaredProcedures.filter(([, { meta }]) => meta.can !== 'anyone')

type PlaceName = keyof Grid['places']
const PLACES: readonly PlaceName[] = ['own', 'sibling', 'foreign', 'suspended', 'absent']

/** What is one's own, and the installation, is at no place. */
const placesOf = (procedure: Procedure): readonly PlaceName[] =>
  ['self', 'platform'].includes(POLICY[actionOf(procedure)].scope) ? ['own'] : PLACES

/** The place as the procedure names it, and something that no procedure takes: what is allowed changes nothing. */
function badInput([, { inputs }]: Procedure, place: PlaceName): object {
  const [name = ''] = Object.keys(inputs[0]?.shape ?? {})
  const ids: Record<string, unknown> = { ...grid.places[place] }
  return { ...(name in ids ? { [name]: ids[name] } : {}), somethingUnknown: true }
}

/** What a call is refused with; undefined when it succeeds. */
async function refusalOf(
  procedure: Procedure,
  caller: GridCaller,
  place: PlaceName,
): Promise<ErrorData | undefined> {
  const api = createCaller(contextFor(world, caller))
  const error: unknown = await callByPath(api, procedure[0], badInput(procedure, place)).then(
    () => undefined,
    (reason: unknown) => reason,
  )
  return error === undefined ? undefined : publicErrorOf(error, { requestId: '' })
}

/** How a call that is looked at ends: without an input there is nothing to refuse. */
const lookedAt = ([, { inputs }]: Procedure): string => (inputs.length === 0 ? 'none' : 'INVALID_INPUT')

let cells = 0

it('has everybody in it', () => {
  expect(Object.keys(grid.callers).length).toBeGreaterThanOrEqual(30)
})

it.each(procedures)('%s answers everybody as the table says', async (...procedure) => {
  const action = actionOf(procedure)
  const wrong: string[] = []
  const asked = Object.entries(grid.callers).flatMap(([name, caller]) =>
    placesOf(procedure).map(async (at) => {
      cells += 1
      const expected = expectedOf(caller, action, grid.places[at])
      const code = (await refusalOf(procedure, caller, at))?.code ?? 'none'
      if (code === (expected === 'allowed' ? lookedAt(procedure) : expected)) return
      wrong.push(`${name}, ${at}: ${code} instead of ${expected}`)
    }),
  )
  await Promise.all(asked)
  expect(wrong).toEqual([])
})

it.each(procedures.filter((each) => placesOf(each).length > 1))(
  '%s says of what is foreign exactly what it says of what is absent',
  async (...procedure) => {
    for (const name of ['org_owner', 'viewer', 'stranger', 'platform_admin', 'key of a developer']) {
      const caller = grid.callers[name] ?? {}
      const foreign = await refusalOf(procedure, caller, 'foreign')
      expect(foreign?.code).toBe('NOT_FOUND')
      expect(foreign).toEqual(await refusalOf(procedure, caller, 'absent'))
    }
  },
)

it('names the action that is refused', async () => {
  const procedure = procedures.find(([path]) => path === 'deployments.restart')
  const refused = procedure && (await refusalOf(procedure, grid.callers.viewer ?? {}, 'own'))
  expect(refused).toMatchObject({
    code: 'FORBIDDEN',
    params: { action: 'deployment:restart' },
    sentence: expect.stringContaining('deployment:restart'),
  })
})

it('was asked in at least 3,000 cells', () => {
  expect(cells).toBeGreaterThanOrEqual(3_000)
})
