/**
 * `npm run bench -- NAME [--json] [--full]` runs one benchmark; `npm run bench -- list` names them all.
 * With `--json` the last line is one object `{name, machine, metrics}`. A goal that is missed is exit code 1.
 */
import { join } from 'node:path'

import { runCommand } from './bench/command.ts'
import { root } from './root.ts'
import { onStop } from '../local/on-stop.ts'

try {
  const kept = await runCommand(process.argv.slice(2), {
    folder: join(root, 'e2e/bench'),
    signal: onStop(),
    print: (text) => process.stdout.write(text),
    say: (line) => process.stderr.write(`${line}\n`),
  })
  process.exitCode = kept ? 0 : 1
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
  process.exitCode = 1
}
