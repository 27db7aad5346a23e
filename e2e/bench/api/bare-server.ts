/**
 * The floor of `npm run bench -- api`: the page of `deployments.list` from node:http and pg, with our own two
 * statements and nothing between. It checks no input, no right and no output, and its answer is ours byte for byte.
 */
import { createHash } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import pg from 'pg'

import { findActor } from '../../../prisma/sql/find-actor.generated.ts'
import { listDeployments } from '../../../prisma/sql/list-deployments.generated.ts'
import { REASONS } from '../../../src/contract/crd/conditions.ts'
import { systemClock } from '../../../src/ports/clock/system.ts'
import { cursorOf } from '../../../src/modules/deployments/cursor.ts'

interface Asked {
  readonly teamId: string
  readonly limit: number
}

process.on('disconnect', () => process.exit(0))
process.once('message', ({ dsn }: { dsn: string }) => {
  const pool = new pg.Pool({ connectionString: dsn, max: 10 })
  const server = createServer((request, response) => {
    answer(pool, request).then(send(response), () => response.writeHead(500).end())
  })
  server.keepAliveTimeout = 72_000
  server.listen(0, '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port))
})

const send =
  (response: ServerResponse) =>
  (body: string): ServerResponse =>
    response
      .writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) })
      .end(body)

async function answer(pool: pg.Pool, { url = '', headers }: IncomingMessage): Promise<string> {
  const { teamId, limit } = JSON.parse(decodeURIComponent(url.slice(url.indexOf('input=') + 6))) as Asked
  const token = (headers.cookie ?? '').slice('session='.length)
  const tokenHash = createHash('sha256').update(token).digest('hex')
  const actor = await query(pool, findActor, {
    tokenHash,
    scopeId: teamId,
    now: new Date(systemClock.nowMs()),
  })
  if (actor.length !== 1) throw new Error('Nobody is signed in.')
  const rows = await query<Row>(pool, listDeployments, {
    teamIds: [teamId],
    afterCreatedAt: null,
    afterId: null,
    search: null,
    ownerId: null,
    templateId: null,
    limit: limit + 1,
  })
  const items = rows.slice(0, limit).map(toItem)
  const last = rows[limit - 1]
  const nextCursor = last ? cursorOf({ at: last.created_at, id: last.deployment_id }) : null
  return JSON.stringify({ result: { data: { items, nextCursor } } })
}

interface Named {
  readonly name: string
  readonly text: string
  readonly params: readonly string[]
}

async function query<Found extends object>(
  pool: pg.Pool,
  { name, text, params }: Named,
  values: Record<string, unknown>,
): Promise<Found[]> {
  return (await pool.query<Found>({ name, text, values: params.map((key) => values[key]) })).rows
}

/** As pg gives it. */
interface Row {
  deployment_id: string
  deployment_name: string
  display_name: string
  revision: number
  suspended: boolean
  visibility: string
  created_at: Date
  updated_at: Date
  deleted_at: Date | null
  keeper_id: string
  keeper_name: string
  team_id: string
  template_id: string
  template_name: string
  template_display_name: string
  template_version: number
}

/** Without a cluster, every deployment waits for one. */
const toItem = (row: Row): object => ({
  id: row.deployment_id,
  name: row.deployment_name,
  displayName: row.display_name,
  teamId: row.team_id,
  owner: { id: row.keeper_id, name: row.keeper_name },
  template: {
    id: row.template_id,
    name: row.template_name,
    displayName: row.template_display_name,
    version: row.template_version,
  },
  visibility: row.visibility,
  phase: 'Pending',
  reason: 'ClusterUnavailable',
  message: REASONS.ClusterUnavailable,
  isUpToDate: false,
  revision: row.revision,
  readyRevision: null,
  urls: [],
  services: [],
  suspended: row.suspended,
  createdAt: row.created_at.toISOString(),
  updatedAt: row.updated_at.toISOString(),
  deletedAt: row.deleted_at?.toISOString() ?? null,
})
