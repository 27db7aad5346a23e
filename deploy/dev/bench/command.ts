/** The command line of the benchmarks, without the process around it. */
import { parseArgs } from 'node:util'

import { benchmarkNames, loadBenchmark } from './find.ts'
import { describeMachine } from './machine.ts'
import { isKept, toText } from './report.ts'

export interface CommandOptions {
  /** Where the files `<name>.bench.ts` are. */
  folder: string
  signal: AbortSignal
  /** Takes what the command has found out. */
  print: (text: string) => void
  /** Takes what is only of interest while one waits. */
  say: (line: string) => void
}

/**
 * Runs `list`, or the benchmark of a name.
 *
 * @returns whether all goals are kept
 * @throws a sentence for people about a name, an option or a benchmark that cannot be run
 */
export async function runCommand(args: string[], options: CommandOptions): Promise<boolean> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { json: { type: 'boolean', default: false }, full: { type: 'boolean', default: false } },
  })
  const [name = 'list'] = positionals
  if (name === 'list') {
    options.print(await list(options.folder))
    return true
  }
  const benchmark = await loadBenchmark(options.folder, name)
  const machine = describeMachine()
  const metrics = await benchmark.run({ full: values.full, signal: options.signal, say: options.say })
  const report = { name, machine, metrics }
  options.print(toText(report))
  if (values.json) options.print(`${JSON.stringify(report)}\n`)
  return isKept(report)
}

async function list(folder: string): Promise<string> {
  const names = benchmarkNames(folder)
  const width = Math.max(0, ...names.map((name) => name.length))
  const benchmarks = await Promise.all(names.map(async (name) => loadBenchmark(folder, name)))
  return benchmarks.map(({ name, about }) => `${name.padEnd(width)}  ${about}\n`).join('')
}
