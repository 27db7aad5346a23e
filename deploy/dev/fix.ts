/** `npm run fix`: mends what can be mended without thinking, and says what is left. */
import { completeLock } from './check/lock.ts'
import { runNode } from './child.ts'
import { writeAll } from './gen.ts'
import { root } from './root.ts'
import { onStop } from '../local/on-stop.ts'

const signal = onStop()

async function run(tool: string, ...args: string[]): Promise<void> {
  const result = await runNode([`${root}/node_modules/.bin/${tool}`, ...args], {
    cwd: root,
    timeoutMs: 5 * 60_000,
    signal,
  })
  process.stdout.write(result.output)
  if (result.code !== 0) process.exitCode = 1
}

await completeLock(root)
await writeAll()
await run('oxlint', '--fix')
// Last, because what the others write is to be formatted too.
await run('oxfmt')
