import { join } from 'node:path'
import { stay, upWithProgress } from '../local/commands.ts'
import { root } from './root.ts'

/** `npm start`: everything for one machine, in `.shipyard/stack`. */
try {
  const stack = await upWithProgress({ folder: join(root, '.shipyard/stack') })
  await stay(stack, 'Everything is up. `npm run stack -- status` lists the parts; Ctrl-C ends it.')
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n`)
  process.exitCode = 1
}
