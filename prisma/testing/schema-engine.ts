/** Prisma's own schema engine, as WebAssembly: what `prisma migrate` would say, without its binary. */
import { readdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { PrismaPg } from '@prisma/adapter-pg'
import { bindMigrationAwareSqlAdapterFactory, ColumnTypeEnum } from '@prisma/driver-adapter-utils'
import pg from 'pg'
import * as bindings from '@prisma/schema-engine-wasm/schema_engine_bg'

const prisma = join(import.meta.dirname, '..')
const schemaFile = join(prisma, 'schema.prisma')
const nothingElse = { externalTables: [], externalEnums: [] }

export const readSchema = (): string => readFileSync(schemaFile, 'utf8')

/** The SQL that would bring a database to a schema; empty when it is there. */
export async function sqlToReachSchema(dsn: string, schema = readSchema()): Promise<string> {
  const files = [{ path: schemaFile, content: schema }]
  return withEngine(dsn, async (engine) => {
    const answer = await engine.diff({
      from: { tag: 'schemaDatasource', files, configDir: prisma },
      to: { tag: 'schemaDatamodel', files },
      script: true,
      exitCode: null,
      filters: nothingElse,
    })
    return (answer.stdout ?? '').replaceAll(/^--.*$/gm, '').trim()
  })
}

/** What `prisma migrate deploy` would apply. */
export async function migrationsToApply(dsn: string): Promise<string[]> {
  const folders = readdirSync(join(prisma, 'migrations'), { withFileTypes: true })
  const migrationDirectories = folders
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => ({
      path: name,
      migrationFile: {
        path: 'migration.sql',
        content: {
          tag: 'ok' as const,
          value: readFileSync(join(prisma, 'migrations', name, 'migration.sql'), 'utf8'),
        },
      },
    }))
  const answer = await withEngine(dsn, async (engine) =>
    engine.applyMigrations({
      migrationsList: {
        baseDir: join(prisma, 'migrations'),
        lockfile: {
          path: 'migration_lock.toml',
          content: readFileSync(join(prisma, 'migrations/migration_lock.toml'), 'utf8'),
        },
        shadowDbInitScript: '',
        migrationDirectories,
      },
      filters: nothingElse,
    }),
  )
  return answer.appliedMigrationNames
}

async function withEngine<T>(dsn: string, work: (engine: bindings.SchemaEngine) => Promise<T>): Promise<T> {
  await loadEngine()
  const pool = new pg.Pool({ connectionString: dsn })
  const adapter = bindMigrationAwareSqlAdapterFactory(new CatalogueAdapterFactory(pool))
  const engine = await bindings.SchemaEngine.new(
    { datamodels: [[schemaFile, readSchema()]] },
    () => {},
    adapter,
  )
  try {
    return await work(engine)
  } finally {
    engine.free()
    await pool.end()
  }
}

/** PostgreSQL's type "char", of which its catalogues are full. */
const CHAR = 18
const TEXT = 25

/** Prisma's adapter does not know that type, its engine insists on it. The engine asks one thing after another. */
class CatalogueAdapterFactory extends PrismaPg {
  private chars: readonly boolean[] = []

  constructor(pool: pg.Pool) {
    const query = pool.query.bind(pool) as (config: pg.QueryConfig) => Promise<pg.QueryResult>
    const asText = async (config: pg.QueryConfig): Promise<pg.QueryResult> => {
      const result = await query(config)
      this.chars = result.fields.map((field) => field.dataTypeID === CHAR)
      for (const field of result.fields) if (field.dataTypeID === CHAR) field.dataTypeID = TEXT
      return result
    }
    super(Object.assign(pool, { query: asText }))
  }

  override async connect(): ReturnType<PrismaPg['connect']> {
    const adapter = await super.connect()
    const queryRaw = adapter.queryRaw.bind(adapter)
    adapter.queryRaw = async (query) => {
      const answer = await queryRaw(query)
      const columnTypes = answer.columnTypes.map((type, at) =>
        this.chars[at] ? ColumnTypeEnum.Character : type,
      )
      return { ...answer, columnTypes }
    }
    return adapter
  }
}

/** What is used of a global that only the browser's types know. */
interface WebAssemblyGlobal {
  instantiate(bytes: Uint8Array, imports: object): Promise<{ instance: { exports: Exports } }>
}
type Exports = Record<string, (() => void) | undefined>

let loading: Promise<void> | undefined

/** By hand, because Node warns of an experiment when the package imports its WebAssembly as a module. */
async function loadEngine(): Promise<void> {
  loading ??= (async () => {
    const main = createRequire(import.meta.url).resolve('@prisma/schema-engine-wasm')
    const bytes = readFileSync(main.replace(/schema_engine\.js$/, 'schema_engine_bg.wasm'))
    const { WebAssembly } = globalThis as unknown as { WebAssembly: WebAssemblyGlobal }
    const { instance } = await WebAssembly.instantiate(bytes, { './schema_engine_bg.js': bindings })
    // As schema_engine.js does.
    const { __wbg_set_wasm: setWasm } = bindings
    setWasm(instance.exports)
    const { __wbindgen_start: start } = instance.exports
    start?.()
  })()
  return loading
}
