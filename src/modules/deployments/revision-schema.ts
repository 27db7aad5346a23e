/** What one may ask of the revisions of a deployment, and what one sees of them. */
import { z } from 'zod'

import { ServiceName } from '../../contract/names.ts'
import { wholeNumber } from '../../contract/text.ts'
import { input, Instant } from '../access/schema.ts'
import { baseRevision, chosen, MAX_PAGE, PlannedField } from './schema.ts'

const revisionNumber = wholeNumber('The revision', 1, 2_147_483_647)

export const ListRevisions = input({
  ...chosen,
  /** The number of the oldest revision of the page before. */
  cursor: revisionNumber.optional(),
  limit: wholeNumber('The size of a page', 1, MAX_PAGE).default(20),
})
export type ListRevisions = z.output<typeof ListRevisions>

export const RevisionSummary = z.object({
  number: z.int(),
  createdAt: Instant,
  authorName: z.string(),
  note: z.string(),
  /** The revision that this one repeats. */
  rollbackOf: z.int().nullable(),
  services: z.array(z.object({ name: ServiceName, image: z.string(), replicas: z.int().nullable() })),
})
export type RevisionSummary = z.infer<typeof RevisionSummary>
/** Newest first; the first of the first page is the one that is wanted now. */
export const RevisionPage = z.object({ items: z.array(RevisionSummary), nextCursor: z.int().nullable() })

export const DiffRevisions = input({ ...chosen, from: revisionNumber, to: revisionNumber })
export type DiffRevisions = z.output<typeof DiffRevisions>
/** Below `services` by names instead of places: `services.web.env.GREETING`. */
export const RevisionDiff = z.object({ from: z.int(), to: z.int(), fields: z.array(PlannedField) })
export type RevisionDiff = z.infer<typeof RevisionDiff>

export const RollbackDeployment = input({
  ...chosen,
  baseRevision,
  /** The revision whose services, images and versions of secrets run again, as a new revision. */
  revision: revisionNumber,
})
export type RollbackDeployment = z.output<typeof RollbackDeployment>
