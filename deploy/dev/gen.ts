/**
 * `npm run gen` writes the files that are generated; `npm run gen -- --check` compares them instead.
 * A generator is pure: it gives path and content, and what it reads is checked in.
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'

import { generateAdmission } from '../../operator/manifests/admission/generate.ts'
import { generateManifests } from '../../operator/manifests/generate.ts'
import { generateRbac } from '../../operator/manifests/rbac.ts'
import { generateServerRbac } from '../../operator/manifests/server-rbac.ts'
import { generateSql } from '../../prisma/generator/generate-sql.ts'
import { generateRulesVersion } from './gen/rules-version.ts'
import { withPostgres } from './gen/with-postgres.ts'
import { root } from './root.ts'

/** Gives the content of each file that it owns, by its path from the root. */
export type Generator = () => Record<string, string> | Promise<Record<string, string>>

/** Where generators are entered: CRDs, RBAC, SQL functions and their kin. */
const GENERATORS: Generator[] = [
  generateManifests,
  async () => withPostgres(generateSql),
  generateRbac,
  generateServerRbac,
  generateAdmission,
  generateRulesVersion,
]

export interface GenOptions {
  folder?: string
  generators?: Generator[]
}

/** Files that are not as their generator would write them now; one sentence each. */
export async function findStale({ folder = root, generators = GENERATORS }: GenOptions = {}): Promise<
  string[]
> {
  const files = await contents(generators)
  const checked = files.map(async ([path, wanted]) => {
    const present = await readFile(join(folder, path), 'utf8').catch(ifMissing)
    if (present === wanted) return []
    return [
      `${path} is ${present === undefined ? 'missing' : 'out of date'}: run \`npm run gen\`, then look at the difference.`,
    ]
  })
  return (await Promise.all(checked)).flat()
}

/** Writes every generated file. */
export async function writeAll({ folder = root, generators = GENERATORS }: GenOptions = {}): Promise<
  string[]
> {
  const files = await contents(generators)
  for (const [path, content] of files) {
    await mkdir(dirname(join(folder, path)), { recursive: true })
    await writeFile(join(folder, path), content)
  }
  return files.map(([path]) => path)
}

async function contents(generators: Generator[]): Promise<[path: string, content: string][]> {
  const given = await Promise.all(generators.map(async (generate) => generate()))
  return given.flatMap((files) => Object.entries(files))
}

function ifMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error
}

if (import.meta.main) {
  if (process.argv.includes('--check')) {
    const stale = await findStale()
    for (const problem of stale) process.stdout.write(`${problem}\n`)
    process.exitCode = stale.length === 0 ? 0 : 1
  } else {
    const written = await writeAll()
    process.stdout.write(`${written.length} generated files written\n`)
  }
}
