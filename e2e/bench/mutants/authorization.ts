/**
 * The ways in which a right can be lost, made by a script: each line of the table of rights with another role, effect or
 * scope of keys, each right that a procedure names exchanged, each guard taken out and turned round, and each condition
 * by which a statement keeps to its tenant taken out. The grid and its neighbours have to notice.
 */
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

import { root } from '../../../deploy/dev/root.ts'
import { POLICY, type Action } from '../../../src/contract/policy.ts'
import type { Mutant } from './operator.ts'

const POLICY_FILE = 'src/contract/policy.ts'
const TABLE = [
  'src/contract/policy.test.ts',
  'src/modules/access/authorize.test.ts',
  'src/rpc/coverage.test.ts',
]
const KEYS = 'src/modules/api-keys/api-keys.db.test.ts'
const ACTOR = 'prisma/sql/find-actor.db.test.ts'
const FOREIGN = 'src/rpc/foreign-ids.db.test.ts'
const DOORS = 'src/http/doors.db.test.ts'
const SESSIONS = 'src/modules/sessions/sessions.db.test.ts'
const SHOWN = 'src/http/credentials.db.test.ts'
const EVERYBODY = 'src/rpc/grid.db.test.ts'
const RENEWAL = 'src/rpc/renewal.db.test.ts'

const read = (file: string): string => readFileSync(join(root, file), 'utf8')

interface Edit {
  readonly file: string
  readonly start: number
  readonly end: number
  readonly instead: string
  readonly breaks: string
  readonly tests: readonly string[]
}

/** With as many lines before it as make it the only one of its kind. */
function mutantOf({ file, start, end, instead, breaks, tests }: Edit): Mutant {
  const source = read(file)
  let from = start
  while (source.split(source.slice(from, end)).length !== 2) from = source.lastIndexOf('\n', from - 2) + 1
  return { file, text: source.slice(from, end), instead: source.slice(from, start) + instead, breaks, tests }
}

const RULE = /^ {2}'([a-z-]+:[a-z-]+)': (org|team|self|platform)\('(\w+)', '(\w+)'(?:, '(\w+)')?\),$/gm
/** The least that may, where it is another; `nobody` where there is nothing less. */
const WEAKEST: Readonly<Record<string, string>> = {
  org: 'org_member',
  team: 'viewer',
  self: 'nobody',
  platform: 'self',
}
const OTHER_EFFECT: Readonly<Record<string, string>> = {
  read: 'write',
  write: 'delete',
  delete: 'write',
  pay: 'write',
}

/** Each line of the table with another role, another effect, and another scope of keys. */
function ofTable(): Mutant[] {
  const source = read(POLICY_FILE)
  return [...source.matchAll(RULE)].flatMap((found) => {
    const [line, action = '', scope = '', least = '', effect = '', key] = found
    const [start, end] = [found.index, found.index + line.length]
    const weakest = WEAKEST[scope] ?? 'nobody'
    const write = (role: string, what: string, area: string | undefined): string =>
      `  '${action}': ${scope}('${role}', '${what}'${area === undefined ? '' : `, '${area}'`}),`
    const changed = [
      [write(least === weakest ? 'nobody' : weakest, effect, key), 'lets others do it'],
      [write(least, OTHER_EFFECT[effect] ?? 'read', key), 'has another effect'],
      [write(least, effect, key === undefined ? 'deployments' : undefined), 'is otherwise open to keys'],
    ] as const
    return changed.map(([instead, how]) =>
      mutantOf({ file: POLICY_FILE, start, end, instead, breaks: `${action} ${how}`, tests: TABLE }),
    )
  })
}

/** Each role without the last of those that it implies. */
function ofImplied(): Mutant[] {
  const source = read(POLICY_FILE)
  return [...source.matchAll(/^ {2}(\w+): \[(.*), '\w+'\],$|^ {2}(\w+): \['viewer'\],$/gm)].map((found) => {
    const [line, role, rest = '', alone] = found
    const instead = role === undefined ? `  ${alone}: [],` : `  ${role}: [${rest}],`
    const [start, end] = [found.index, found.index + line.length]
    const breaks = `${role ?? alone} implies less`
    return mutantOf({ file: POLICY_FILE, start, end, instead, breaks, tests: TABLE })
  })
}

const DECLARED = /\b(self|inOrg|inTeam|onDeployment|onPlatform)\('([a-z-]+:[a-z-]+)'/g

/** Each procedure with another right of the same scope. */
function ofProcedures(): Mutant[] {
  return globSync('src/modules/*/router.ts', { cwd: root }).flatMap((file) =>
    [...read(file).matchAll(DECLARED)].map((found) => {
      const [text, builder = '', action = ''] = found
      const { scope } = POLICY[action as Action]
      const other = Object.keys(POLICY).find(
        (each) => each !== action && POLICY[each as Action].scope === scope,
      )
      return mutantOf({
        file,
        start: found.index,
        end: found.index + text.length,
        instead: `${builder}('${other ?? ''}'`,
        breaks: `${builder}('${action}') asks for another right`,
        tests: TABLE,
      })
    }),
  )
}

/** Where guards stand, and what has to notice, in the order in which it is asked. */
const GUARDED: Readonly<Record<string, readonly string[]>> = {
  [POLICY_FILE]: [...TABLE, EVERYBODY],
  'src/modules/access/authorize.ts': [...TABLE, EVERYBODY],
  'src/modules/access/find-caller.ts': [KEYS, SHOWN, EVERYBODY, 'src/http/rights.db.test.ts'],
  'src/http/credentials.ts': [SHOWN, DOORS],
  'src/rpc/procedures.ts': [...TABLE, SESSIONS, RENEWAL, EVERYBODY],
  'src/modules/api-keys/create-key.ts': [KEYS, FOREIGN],
}

/** The end of what begins with a parenthesis. */
function closing(source: string, open: number): number {
  let depth = 0
  for (let at = open; at < source.length; at++) {
    if (source[at] === '(') depth += 1
    if (source[at] === ')') depth -= 1
    if (depth === 0) return at + 1
  }
  throw new Error('A parenthesis is not closed.')
}

/**
 * Without these the answer is the same: they tell the compiler what another guard has made sure of, or (the last one)
 * no role of a tenant implies the one that the installation wants.
 */
const WITHOUT_EFFECT: readonly string[] = [
  "if (can === undefined || can === 'anyone')",
  'if (!found?.scope)',
  'if (hash === undefined)',
  "if (scope !== 'org' && scope !== 'team')",
]

/** Each `if` of a guard never, and turned round. */
function ofGuards(): Mutant[] {
  return Object.entries(GUARDED).flatMap(([file, tests]) => {
    const source = read(file)
    const ifs = [...source.matchAll(/\bif \(/g)].flatMap(({ index }) => {
      const open = index + 'if '.length
      const end = closing(source, open)
      const condition = source.slice(open, end)
      if (WITHOUT_EFFECT.includes(`if ${condition}`)) return []
      const where = { file, start: open, end, tests }
      return [
        mutantOf({ ...where, instead: '(false)', breaks: `never: if ${condition}` }),
        mutantOf({ ...where, instead: `(!${condition})`, breaks: `turned round: if ${condition}` }),
      ]
    })
    return ifs
  })
}

interface Condition {
  readonly file: string
  readonly tests: readonly string[]
  /** What is taken out, and what takes its place: every parameter of a statement has to stay in it. */
  readonly without: readonly (readonly [text: string, instead: string])[]
}

const OF_STAGE = " OR o.billing_stage IN ('suspended', 'removing', 'removed')"
/** What the scope says of an organisation that is stopped. */
const HALTS: Condition['without'] = [
  ["'isSuspended', o.suspended_at IS NOT NULL OR", "'isSuspended',"],
  [`'isSuspended', o.suspended_at IS NOT NULL${OF_STAGE}`, "'isSuspended', o.suspended_at IS NOT NULL"],
  ["'isFrozen', o.billing_stage = 'frozen'", "'isFrozen', false"],
]

/** Conditions that keep a statement to its caller, its tenant or its time. */
const CONDITIONS: readonly Condition[] = [
  {
    // Not the absolute expiry: a rule of the table keeps the idle one before it.
    file: 'prisma/sql/find-actor.generated.ts',
    tests: [ACTOR, EVERYBODY],
    without: [
      [' AND s.idle_expires_at > $3', ''],
      ['m.org_id WHERE m.user_id = u.id', 'm.org_id WHERE true'],
      ['m.team_id WHERE m.user_id = u.id', 'm.team_id WHERE true'],
      ...HALTS,
      [' AND removed_at IS NULL', ''],
    ],
  },
  {
    file: 'prisma/sql/find-api-key-actor.generated.ts',
    tests: [KEYS, EVERYBODY, ACTOR],
    without: [
      [' AND k.revoked_at IS NULL', ''],
      ['(k.expires_at IS NULL OR k.expires_at > $3)', '$3::timestamptz IS NOT NULL'],
      [' AND m.org_id = k.org_id\n', '\n'],
      [' AND (k.team_id IS NULL OR m.team_id = k.team_id)', ''],
      ...HALTS,
      [' AND creator.org_id = k.org_id', ''],
    ],
  },
  {
    file: 'prisma/sql/revoke-api-key.generated.ts',
    tests: [KEYS, FOREIGN],
    without: [
      ['created_by_id = $3::text', '$3::text IS NOT NULL'],
      ['team_id = $4::text', '$4::text IS NOT NULL'],
      ['org_id = $5::text', '$5::text IS NOT NULL'],
      [' AND revoked_at IS NULL', ''],
    ],
  },
  {
    file: 'prisma/sql/list-api-keys.generated.ts',
    tests: [KEYS],
    without: [
      ['k.created_by_id = $1::text', '$1::text IS NOT NULL'],
      ['k.team_id = $2::text', '$2::text IS NOT NULL'],
      ['k.org_id = $3::text', '$3::text IS NOT NULL'],
    ],
  },
  {
    file: 'prisma/sql/create-api-key.generated.ts',
    tests: [KEYS],
    without: [['m.user_id = $9', '$9::text IS NOT NULL']],
  },
  {
    file: 'src/modules/audit/store.ts',
    tests: ['src/modules/audit/audit.db.test.ts', FOREIGN],
    without: [
      ['where: { orgId, AND:', 'where: { AND:'],
      ['findFirst({ where: { orgId, id } })', 'findFirst({ where: { id } })'],
    ],
  },
  { file: 'src/http/audit-route.ts', tests: [DOORS], without: [['      await recheck()\n', '']] },
  {
    file: 'src/http/logs/log-route.ts',
    tests: [DOORS],
    without: [['whom: await check()', "whom: { userId: '' as never, orgId: '' as never }"]],
  },
]

const ofConditions = (): Mutant[] =>
  CONDITIONS.flatMap(({ file, tests, without }) =>
    without.map(([text, instead]) => ({ file, text, instead, breaks: `without ${text.trim()}`, tests })),
  )

export const authorizationMutants = (): Mutant[] => [
  ...ofTable(),
  ...ofImplied(),
  ...ofProcedures(),
  ...ofGuards(),
  ...ofConditions(),
]
