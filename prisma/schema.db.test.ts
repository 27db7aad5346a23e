import { expect, it } from 'vitest'

import { useTestDb } from '../src/testing/db.ts'
import { migrationsToApply, readSchema, sqlToReachSchema } from './testing/schema-engine.ts'

const test = useTestDb()

it('has the same tables in schema.prisma as the migrations make', async () => {
  expect(await sqlToReachSchema(test.dsn)).toBe('')
})

it.each([
  { what: 'column', from: '@map("ai_context")', to: '@map("ai_notes")', sql: 'ADD COLUMN +"ai_notes"' },
  { what: 'nullability', from: 'avatarUrl     String?', to: 'avatarUrl     String ', sql: 'SET NOT NULL' },
  {
    what: 'type',
    from: 'deploymentsUsed  Int ',
    to: 'deploymentsUsed  BigInt ',
    sql: 'SET DATA TYPE BIGINT',
  },
  { what: 'unique rule', from: '@unique @map("token_hash")', to: '@map("token_hash")', sql: 'DROP INDEX' },
  { what: 'foreign key', from: 'onDelete: Restrict', to: 'onDelete: Cascade', sql: 'ADD CONSTRAINT' },
  { what: 'default', from: '@default("free")', to: '@default("business")', sql: 'SET DEFAULT' },
  { what: 'word of an enum', from: '  viewer\n', to: '  reader\n', sql: 'reader' },
])('notices a difference of a $what', async ({ from, to, sql }) => {
  const schema = readSchema()
  expect(schema).toContain(from)
  expect(await sqlToReachSchema(test.dsn, schema.replace(from, to))).toMatch(new RegExp(sql))
})

it('leaves nothing for prisma migrate to do', async () => {
  expect(await migrationsToApply(test.dsn)).toEqual([])
})
