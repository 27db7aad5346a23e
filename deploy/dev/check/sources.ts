import { readFileSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { parseSync, type ParseResult } from 'oxc-parser'

/** A file of the repository, by its path from the root. */
export interface SourceFile {
  path: string
  bytes: number
  text: string
}

const NOT_OURS = new Set(['node_modules', '.git', '.shipyard', 'dist', 'coverage'])
const BINARY = /\.(png|jpe?g|gif|webp|avif|ico|woff2?|pdf)$/
const SCRIPT = /\.(ts|tsx|mjs|cjs|js)$/
const NOT_WRITTEN_BY_HAND = /\.generated\.|\/golden\/|^prisma\/migrations\/|^deploy\/local\/tools\//
const TEST = /\.(test|test-d|cluster|e2e)\.tsx?$|(^|\/)testing\//

/** Reads all files below a folder but installed, built and run-time ones; pictures and fonts without text. */
export function readSources(folder: string, below = ''): SourceFile[] {
  return readdirSync(join(folder, below), { withFileTypes: true }).flatMap((entry) => {
    const path = below === '' ? entry.name : `${below}/${entry.name}`
    if (entry.isDirectory()) return NOT_OURS.has(entry.name) ? [] : readSources(folder, path)
    if (!entry.isFile() || entry.name.endsWith('.log')) return []
    const absolute = join(folder, path)
    const { size } = statSync(absolute)
    return [{ path, bytes: size, text: BINARY.test(path) ? '' : readFileSync(absolute, 'utf8') }]
  })
}

/** Files in TypeScript or JavaScript that somebody wrote and maintains. */
export const isScript = (path: string): boolean => SCRIPT.test(path) && !NOT_WRITTEN_BY_HAND.test(path)

export const isTest = (path: string): boolean => TEST.test(path)

/** The syntax tree. A file that cannot be parsed is an error: `tsc` says more about it. */
export function parse(file: SourceFile): ParseResult['program'] {
  const { program, errors } = parseSync(file.path, file.text)
  if (errors[0]) throw new Error(`${file.path} cannot be parsed: ${errors[0].message}`)
  return program
}

/** The line, from 1, of an offset in a text. */
export const lineOf = (text: string, offset: number): number => text.slice(0, offset).split('\n').length
