/**
 * The size that files and functions keep on the whole. The hard stops (300 lines a file, 60 a function) are
 * oxlint's; what it cannot see is how the many are spread. Figures: the measured best of the field.
 */
import { Visitor, type Node } from 'oxc-parser'

import { isScript, isTest, lineOf, parse, readSources, type SourceFile } from './sources.ts'

interface Budget {
  name: string
  percentile: number
  /** The percentile must stay below this, in lines. */
  below: number
  of: 'files' | 'functions'
}

const BUDGETS: Budget[] = [
  { name: 'file-median', percentile: 50, below: 90, of: 'files' },
  { name: 'file-p90', percentile: 90, below: 250, of: 'files' },
  { name: 'function-p90', percentile: 90, below: 50, of: 'functions' },
]

interface Sized {
  place: string
  lines: number
}

/** The smallest value that at least `percentile` percent of the values do not exceed (nearest rank). */
export function percentileOf(values: number[], percentile: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.max(0, Math.ceil((percentile / 100) * sorted.length) - 1)] ?? 0
}

/** Functions, methods and arrows of more than one line: the one-liners would hide the others. */
export function functionsOf(file: SourceFile): Sized[] {
  const found: Sized[] = []
  const measure = (node: Node): void => {
    const first = lineOf(file.text, node.start)
    const lines = lineOf(file.text, node.end) - first + 1
    if (lines > 1) found.push({ place: `${file.path}:${first}`, lines })
  }
  new Visitor({
    FunctionDeclaration: measure,
    FunctionExpression: measure,
    ArrowFunctionExpression: measure,
  }).visit(parse(file))
  return found
}

/** Says which budget is exceeded, and the largest that count towards it. */
export function findExceeded(files: SourceFile[]): string[] {
  const sources = files.filter((file) => isScript(file.path) && !isTest(file.path))
  const sizes = {
    files: sources.map((file) => ({ place: file.path, lines: lineOf(file.text, file.text.length) - 1 })),
    functions: sources.flatMap(functionsOf),
  }
  return BUDGETS.flatMap(({ name, percentile, below, of }) => {
    const value = percentileOf(
      sizes[of].map((sized) => sized.lines),
      percentile,
    )
    if (value < below) return []
    const largest = sizes[of].toSorted((a, b) => b.lines - a.lines).slice(0, 10)
    return [
      `${name}: ${percentile} % of the ${of} have up to ${value} lines; below ${below} is the budget. ` +
        'Split by phase (load, decide, act, show), because a long one is read by nobody. The longest:',
      ...largest.map(({ place, lines }) => `  ${place} (${lines})`),
    ]
  })
}

export const checkBudgets = (folder: string): string[] => findExceeded(readSources(folder))
