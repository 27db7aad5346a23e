/**
 * Gives every statement of prisma/sql its types: makes a scratch database with all migrations, asks PostgreSQL
 * about each statement, and writes `<name>.generated.ts` beside it.
 */
import { randomBytes } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Client } from 'pg'

import { describeStatement } from './describe-statement.ts'
import { parseStatement } from './parse-statement.ts'
import { readCatalogue, type Catalogue } from './types.ts'
import { writeStatement } from './write-statement.ts'

const prisma = join(import.meta.dirname, '..')

/**
 * @param dsn a PostgreSQL on which databases may be made; the scratch one is dropped again
 * @returns content of each generated file by its path from the root
 * @throws Error that names the statement and what PostgreSQL says against it
 */
export async function generateSql(dsn: string): Promise<Record<string, string>> {
  const administrator = await connect(dsn)
  const name = `scratch_${randomBytes(6).toString('hex')}`
  try {
    await administrator.query(`CREATE DATABASE ${name}`)
    return await describeAll(Object.assign(new URL(dsn), { pathname: name }).href)
  } finally {
    await administrator.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`)
    await administrator.end()
  }
}

async function describeAll(dsn: string): Promise<Record<string, string>> {
  const client = await connect(dsn)
  try {
    for (const migration of readdirSync(join(prisma, 'migrations'), { withFileTypes: true })) {
      if (!migration.isDirectory()) continue
      await client.query(readFileSync(join(prisma, 'migrations', migration.name, 'migration.sql'), 'utf8'))
    }
    const catalogue = await readCatalogue(client)
    const present = readdirSync(join(prisma, 'sql'))
    const files = present.filter((file) => file.endsWith('.sql'))
    const stray = present.find(
      (file) => file.endsWith('.generated.ts') && !files.includes(file.replace('.generated.ts', '.sql')),
    )
    if (stray) throw new Error(`prisma/sql/${stray} has no statement any more: delete it.`)
    const written: [string, string][] = []
    for (const file of files.toSorted()) written.push(await generate(client, catalogue, file))
    return Object.fromEntries(written)
  } finally {
    await client.end()
  }
}

async function generate(client: Client, catalogue: Catalogue, file: string): Promise<[string, string]> {
  const name = file.replace(/\.sql$/, '')
  try {
    const parsed = parseStatement(readFileSync(join(prisma, 'sql', file), 'utf8'))
    const description = await describeStatement(client, parsed.text)
    return [`prisma/sql/${name}.generated.ts`, writeStatement({ name, parsed, description }, catalogue)]
  } catch (error) {
    throw new Error(`prisma/sql/${file}: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    })
  }
}

async function connect(connectionString: string): Promise<Client> {
  const client = new Client({ connectionString, connectionTimeoutMillis: 5_000, statement_timeout: 30_000 })
  await client.connect()
  return client
}
