/** `GET /api/orgs/:orgId/audit.csv` and `.jsonl`: the audit of an organisation as a file, by the rights of `audit.list`. */
import { Readable } from 'node:stream'
import type { FastifyInstance } from 'fastify'
import { z } from 'zod'

import { OrgId } from '../contract/ids.ts'
import { authorize } from '../modules/access/authorize.ts'
import { EXPORT_FORMATS, type ExportFormat } from '../modules/audit/export-formats.ts'
import { exportAudit } from '../modules/audit/list-audit.ts'
import { AuditFilter, type AuditEntry } from '../modules/audit/schema.ts'
import type { Deps } from '../modules/deps.ts'
import { finderOf } from './credentials.ts'

interface Options {
  readonly deps: Deps
  readonly cookieName: string
}

const FORMATS = ['csv', 'jsonl'] as const

export function registerAuditRoute(app: FastifyInstance, options: Options): void {
  for (const format of FORMATS) {
    app.get(`/api/orgs/:orgId/audit.${format}`, async (request, reply) => {
      const { orgId } = z.object({ orgId: OrgId }).parse(request.params)
      const find = finderOf(request, options)
      const recheck = async (): Promise<void> => {
        const found = await find(orgId)
        authorize({
          actor: found?.actor,
          scope: found?.scope,
          action: 'audit:read',
          what: 'organisation',
        })
      }
      await recheck()
      const filter = AuditFilter.parse(request.query)
      const pages = exportAudit(options.deps, { orgId, filter, recheck })
      return reply
        .headers({
          'content-type': EXPORT_FORMATS[format].contentType,
          'content-disposition': `attachment; filename="audit-${orgId}.${format}"`,
          'cache-control': 'no-store',
        })
        .send(Readable.from(textOf(pages, EXPORT_FORMATS[format])))
    })
  }
}

async function* textOf(
  pages: AsyncIterable<AuditEntry[]>,
  { head, line }: ExportFormat,
): AsyncGenerator<string, void> {
  if (head !== '') yield head
  for await (const entries of pages) yield entries.map(line).join('')
}
