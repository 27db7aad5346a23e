/** Types of PostgreSQL as types of TypeScript. */
import type { Client } from 'pg'

/** What is known of a database's types and columns. */
export interface Catalogue {
  /** Type by oid: base types by name, an enum by its labels. */
  readonly types: ReadonlyMap<number, PgType>
  /** `tableID.columnID` of columns that are NOT NULL. */
  readonly notNull: ReadonlySet<string>
}

interface PgType {
  readonly name: string
  readonly labels: readonly string[]
  /** Of an array, the oid of what it holds; else 0. */
  readonly element: number
}

export async function readCatalogue(client: Client): Promise<Catalogue> {
  const types = await client.query<{ oid: number; name: string; labels: string[]; element: number }>(`
    SELECT t.oid, t.typname AS name, CASE WHEN t.typcategory = 'A' THEN t.typelem ELSE 0 END AS element,
      ARRAY(SELECT e.enumlabel::text FROM pg_enum e WHERE e.enumtypid = t.oid ORDER BY e.enumsortorder) AS labels
    FROM pg_type t`)
  const columns = await client.query<{ key: string }>(
    `SELECT attrelid || '.' || attnum AS key FROM pg_attribute WHERE attnotnull AND attnum > 0`,
  )
  return {
    types: new Map(types.rows.map((type) => [type.oid, type])),
    notNull: new Set(columns.rows.map(({ key }) => key)),
  }
}

const PLAIN: Record<string, string> = {
  bool: 'boolean',
  int2: 'number',
  int4: 'number',
  float8: 'number',
  text: 'string',
  varchar: 'string',
  bpchar: 'string',
  name: 'string',
  timestamptz: 'Date',
  json: 'unknown',
  jsonb: 'unknown',
}

/** @throws Error that says what to cast to, for types that lose something in JavaScript */
export function typescriptOf({ types }: Catalogue, oid: number): string {
  const type = types.get(oid)
  if (!type) throw new Error(`PostgreSQL named a type that does not exist (${oid}).`)
  if (type.labels.length > 0) return type.labels.map((label) => `'${label}'`).join(' | ')
  if (type.element !== 0) {
    const element = typescriptOf({ types, notNull: new Set() }, type.element)
    return element.includes(' ') ? `(${element})[]` : `${element}[]`
  }
  const plain = PLAIN[type.name]
  if (!plain)
    throw new Error(`Type ${type.name} has no safe counterpart: cast to int, float8, text or jsonb.`)
  return plain
}

export const isJson = ({ types }: Catalogue, oid: number): boolean =>
  /^jsonb?$/.test(types.get(oid)?.name ?? '')

/**
 * Texts that the tables hold to a grammar (see the checks of the migrations), by the name of the field, so that
 * an id from the database may stand where a checked one is wanted.
 */
export const BRANDS: Readonly<Record<string, string>> = {
  userId: 'UserId',
  ownerId: 'UserId',
  keeperId: 'UserId',
  newKeeperId: 'UserId',
  memberId: 'UserId',
  heirId: 'UserId',
  orgId: 'OrgId',
  keyOrgId: 'OrgId',
  teamId: 'TeamId',
  keyTeamId: 'TeamId',
  currentTeamId: 'TeamId',
  deploymentId: 'DeploymentId',
  deploymentIds: 'DeploymentId[]',
  revisionId: 'RevisionId',
  templateId: 'TemplateId',
  templateVersionId: 'TemplateVersionId',
  invitationId: 'InvitationId',
  sessionId: 'SessionId',
  apiKeyId: 'ApiKeyId',
  seenTeamIds: 'TeamId[]',
  mailId: "Id<'out'>",
  auditId: "Id<'aud'>",
  activityId: "Id<'act'>",
  deploymentName: 'ResourceName',
  hosts: 'HostName[]',
}

/** Files that export the words that generated types may use. */
export const SOURCES: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    [
      'Id',
      'UserId',
      'OrgId',
      'TeamId',
      'DeploymentId',
      'RevisionId',
      'TemplateId',
      'TemplateVersionId',
      'InvitationId',
      'SessionId',
      'ApiKeyId',
      'SecretId',
    ].map((name) => [name, 'src/contract/ids.ts']),
  ),
  ResourceName: 'src/contract/names.ts',
  HostName: 'src/contract/names.ts',
  ServiceName: 'src/contract/names.ts',
  SubscriptionStatus: 'src/ports/stripe/port.ts',
  BillingInterval: 'src/ports/stripe/port.ts',
  ImageReference: 'src/contract/image.ts',
  ImageDigest: 'src/contract/image.ts',
}
