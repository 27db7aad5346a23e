import { formatTable } from '../table.ts'
import type { Metric } from './definition.ts'
import type { Machine } from './machine.ts'

export interface Report {
  name: string
  machine: Machine
  metrics: Metric[]
}

/** The report for people: a table, and under it the machine that the figures belong to. */
export function toText({ machine, metrics }: Report): string {
  const rows = metrics.map((m) => [
    m.key,
    shortened(m.value),
    m.unit,
    m.goal ?? '',
    m.goal === null ? '' : m.ok ? 'yes' : 'NO',
    m.note,
  ])
  const lines = [
    ...formatTable(['metric', 'value', 'unit', 'goal', 'kept', 'note'], rows),
    '',
    `${machine.cpu}, ${machine.cores} cores, ${machine.memoryGiB} GiB, ${machine.system}, Node ${machine.node}, load ${machine.load}`,
  ]
  return `${lines.join('\n')}\n`
}

/** Three digits that count: more would pretend to a precision that no second run confirms. */
function shortened(value: number): string {
  return Math.abs(value) >= 100 ? value.toFixed(0) : String(Number(value.toPrecision(3)))
}

/** A benchmark without a metric has shown nothing. */
export const isKept = ({ metrics }: Report): boolean => metrics.length > 0 && metrics.every((m) => m.ok)
