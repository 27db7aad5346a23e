/** `GET /api/orgs/:orgId/usage.csv`: the hours of a month as a file, by the rights of `usage.read`. */
import { Readable } from 'node:stream'
import type { FastifyInstance } from 'fastify'
import { z } from 'zod'

import { OrgId } from '../contract/ids.ts'
import type { Actor } from '../modules/access/actor.ts'
import { authorize } from '../modules/access/authorize.ts'
import type { Deps } from '../modules/deps.ts'
import { usageCsv } from '../modules/usage/export-usage.ts'
import { UsageFilter } from '../modules/usage/schema.ts'
import { finderOf } from './credentials.ts'

interface Options {
  readonly deps: Deps
  readonly cookieName: string
}

export function registerUsageRoute(app: FastifyInstance, options: Options): void {
  app.get('/api/orgs/:orgId/usage.csv', async (request, reply) => {
    const { orgId } = z.object({ orgId: OrgId }).parse(request.params)
    const find = finderOf(request, options)
    const reader = async (): Promise<Actor> => {
      const found = await find(orgId)
      return authorize({
        actor: found?.actor,
        scope: found?.scope,
        action: 'usage:read',
        what: 'organisation',
      })
    }
    await reader()
    const { month } = UsageFilter.parse(request.query)
    return reply
      .headers({
        'content-type': 'text/csv; charset=utf-8',
        'content-disposition': `attachment; filename="usage-${orgId}.csv"`,
        'cache-control': 'no-store',
      })
      .send(Readable.from(usageCsv(options.deps, { orgId, month, reader })))
  })
}
