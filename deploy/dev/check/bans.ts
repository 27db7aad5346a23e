/**
 * Bans that oxlint has no rule for (or none that says what to do instead). Each says what to use, and why.
 */
import { dirname } from 'node:path'
import { Visitor } from 'oxc-parser'

import { root } from '../root.ts'
import { isScript, lineOf, parse, readSources, type SourceFile } from './sources.ts'

interface Ban {
  name: string
  /** "Use X instead: because …" */
  message: string
  appliesTo(path: string): boolean
  /** Where it occurs, as offsets in the text. */
  find(file: SourceFile): number[]
}

const MEGABYTE = 1_000_000
const CLOCKS = /^src\/ports\/clock\/|(^|\/)clock\.ts$/
const DEFAULT_EXPORT_WANTED = /(^|\/)[^/]+\.config\.ts$|^web\/pages\//

/** (This pattern does not match itself.) */
const REGISTRY =
  /\b(registry\.(npmjs|yarnpkg)|npmmirror|pypi|files\.pythonhosted|(proxy|sum)\.golang|(deb|ftp|security|snapshot)\.debian|archive\.ubuntu)\.(org|com)\b/gi

/** Homes of people, and the folder in which this very clone lies (where that is not as general as `/app`). */
const MACHINE_PATHS = [
  /(?<![\w.-])\/(home|Users)\/[\w.-]+\//g,
  ...(dirname(root) === '/' ? [] : [new RegExp(`(?<![\\w.-])${RegExp.escape(root)}(?![\\w-])`, 'g')]),
]

function occurrences(pattern: RegExp, text: string): number[] {
  return [...text.matchAll(pattern)].map((match) => match.index)
}

const bans: Ban[] = [
  {
    name: 'no-wall-clock',
    message:
      'Use the clock port: tests move that clock, and a file that asks the machine for the time cannot be tested.',
    appliesTo: (path) => isScript(path) && !CLOCKS.test(path) && !/\.test\.tsx?$/.test(path),
    find(file) {
      const found: number[] = []
      new Visitor({
        NewExpression(node) {
          const isDate = node.callee.type === 'Identifier' && node.callee.name === 'Date'
          if (isDate && node.arguments.length === 0) found.push(node.start)
        },
      }).visit(parse(file))
      return found
    },
  },
  {
    name: 'no-default-export',
    message: 'Use a named export: a name that is the same everywhere can be searched for and renamed.',
    appliesTo: (path) => isScript(path) && !DEFAULT_EXPORT_WANTED.test(path),
    find: (file) =>
      parse(file)
        .body.filter((statement) => statement.type === 'ExportDefaultDeclaration')
        .map((statement) => statement.start),
  },
  {
    name: 'no-barrel',
    message: 'Import from the file that defines it: a barrel hides who uses what, and loads all of it.',
    appliesTo: isScript,
    find(file) {
      const statements = parse(file).body.filter((statement) => statement.type !== 'ImportDeclaration')
      const passesOn = statements.filter(
        (statement) =>
          statement.type === 'ExportAllDeclaration' ||
          (statement.type === 'ExportNamedDeclaration' && !statement.declaration),
      )
      return passesOn.length > 0 && passesOn.length === statements.length ? [0] : []
    },
  },
  {
    name: 'no-machine-path',
    message: 'Use a path from the repository or os.tmpdir(): nobody else has this folder.',
    appliesTo: () => true,
    find: (file) => MACHINE_PATHS.flatMap((pattern) => occurrences(pattern, file.text)),
  },
  {
    name: 'no-package-registry',
    message: 'Name the package and its version: people and CI have mirrors, and their tools know where.',
    appliesTo: () => true,
    find: (file) => occurrences(REGISTRY, file.text),
  },
  {
    name: 'no-big-file',
    message: 'Download it or build it when it is needed: git keeps every version of it for ever.',
    appliesTo: () => true,
    find: (file) => (file.bytes > MEGABYTE ? [0] : []),
  },
]

export const BAN_NAMES = bans.map((ban) => ban.name)

/** Holds files against all bans; one line each: place, ban, what to do instead. */
export function findBanned(files: SourceFile[]): string[] {
  return files.flatMap((file) =>
    bans
      .filter((ban) => ban.appliesTo(file.path))
      .flatMap((ban) =>
        ban
          .find(file)
          .map((offset) => `${file.path}:${lineOf(file.text, offset)} ${ban.name}: ${ban.message}`),
      ),
  )
}

export const checkBans = (folder: string): string[] => findBanned(readSources(folder))
