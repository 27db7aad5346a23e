/** Checks docker-compose.yml against the Compose specification's schema and the rules of this repository. */
import { access, readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { Ajv, type ValidateFunction } from 'ajv'
import { parse, YAMLParseError } from 'yaml'
import { ruleProblems } from './check-compose-rules.ts'
import type { ComposeFile } from './check-compose-rules.ts'

const REPOSITORY = join(import.meta.dirname, '../..')

/** dclint carries the specification's schema as published; only that file of it is used. */
async function loadSchema(): Promise<ValidateFunction<ComposeFile>> {
  const require = createRequire(import.meta.url)
  const packageFile = require.resolve('dclint/package.json')
  const text = await readFile(join(dirname(packageFile), 'schemas/compose.schema.json'), 'utf8')
  // Its formats (duration, ports…) are its own, and its draft is named by an address that Ajv does not know.
  const ajv = new Ajv({ strict: false, validateFormats: false, allErrors: true, validateSchema: false })
  const { $schema: _, ...rules } = JSON.parse(text) as Record<string, unknown>
  return ajv.compile<ComposeFile>(rules)
}

let schema: Promise<ValidateFunction<ComposeFile>> | undefined

/** Problems of one Compose file's text; those of the rules only once the specification is met. */
export async function composeProblems(text: string): Promise<string[]> {
  let document: unknown
  try {
    document = parse(text, { merge: true })
  } catch (error) {
    if (error instanceof YAMLParseError) return [`it is not YAML: ${error.message}`]
    throw error
  }
  schema ??= loadSchema()
  const validate = await schema
  if (validate(document)) return ruleProblems(document)
  return (validate.errors ?? []).map(
    ({ instancePath, message, params }) =>
      `${instancePath || '/'} ${message ?? 'is not valid'} ${JSON.stringify(params)}`,
  )
}

/** A missing source of a bind mount would silently become an empty folder. */
export async function missingBinds(text: string): Promise<string[]> {
  const sources = [...text.matchAll(/^\s*- (\.\/[^:\s]+):/gm)].map((match) => match[1] ?? '')
  const found = await Promise.all(
    sources.map((source) =>
      access(join(REPOSITORY, source)).then(
        () => [],
        () => [`${source} is mounted but is not in the repository`],
      ),
    ),
  )
  return found.flat()
}

/** @returns one sentence for each problem of the repository's docker-compose.yml; none when it is good. */
export async function checkCompose(): Promise<string[]> {
  const text = await readFile(join(REPOSITORY, 'docker-compose.yml'), 'utf8')
  const problems = [...(await composeProblems(text)), ...(await missingBinds(text))]
  return problems.map((problem) => `docker-compose.yml: ${problem}`)
}
