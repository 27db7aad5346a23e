/** Reads a file of prisma/sql: its comment, its annotations, and its text with `:name` turned into `$1`. */

export interface ParsedStatement {
  /** What its first comment says, for people. */
  readonly doc: string
  /** With `$1`, `$2`… and plain column names; without comments. */
  readonly text: string
  /** In the order of `$1`, `$2`… */
  readonly params: readonly string[]
  readonly nullable: ReadonlySet<string>
  /** Types in TypeScript that the author gives, by parameter or column (in camelCase). */
  readonly types: ReadonlyMap<string, string>
  /** `"name!"` is never null, `"name?"` may be, whatever PostgreSQL says; by column as SQL has it. */
  readonly marked: ReadonlyMap<string, '!' | '?'>
}

/** What must be passed over as it is, then what is looked for. */
const TOKENS =
  /(?<skip>'(?:[^']|'')*'|::)|(?<comment>--[^\n]*)|"(?<column>[a-z_][a-z0-9_]*)(?<mark>[!?])"|(?<!\w):(?<param>[a-z]\w*)/g

export function parseStatement(source: string): ParsedStatement {
  const header = /^(?:--[^\n]*\n)*/.exec(source)?.[0] ?? ''
  const params: string[] = []
  const marked = new Map<string, '!' | '?'>()
  const text = source.replace(TOKENS, (found, ...rest) => {
    const groups = rest.at(-1) as Partial<Record<'comment' | 'column' | 'mark' | 'param', string>>
    if (groups.comment !== undefined) return ''
    if (groups.column !== undefined) {
      marked.set(groups.column, groups.mark === '!' ? '!' : '?')
      return groups.column
    }
    if (groups.param === undefined) return found
    if (!params.includes(groups.param)) params.push(groups.param)
    return `$${params.indexOf(groups.param) + 1}`
  })
  const { doc, nullable, types } = parseHeader(header)
  return { doc, text: tidy(text), params, nullable, types, marked }
}

function parseHeader(header: string): Pick<ParsedStatement, 'doc' | 'nullable' | 'types'> {
  const lines = header.split('\n').map((line) => line.replace(/^-- ?/, ''))
  const nullable = lines.flatMap((line) => /^@nullable (.+)$/.exec(line)?.[1]?.split(' ') ?? [])
  const types = lines.flatMap((line) => {
    const [, name, type] = /^@type (\w+) (.+)$/.exec(line) ?? []
    return name && type ? [[name, type] as const] : []
  })
  const doc = lines.filter((line) => !line.startsWith('@'))
  return { doc: doc.join('\n').trim(), nullable: new Set(nullable), types: new Map(types) }
}

function tidy(text: string): string {
  const lines = text.split('\n').map((line) => line.trimEnd())
  return lines.filter((line) => line !== '').join('\n')
}
