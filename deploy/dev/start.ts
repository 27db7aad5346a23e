import { join } from 'node:path'
import { stay, upWithProgress } from '../local/commands.ts'
import { root } from './root.ts'
import { apps } from './start/apps.ts'
import { dashboardUrl, server } from './start/server.ts'

/** `npm start`: everything for one machine, in `.shipyard/stack`: the stack, and Shipyard on it. */
try {
  const stack = await upWithProgress({ folder: join(root, '.shipyard/stack'), apps })
  const url = dashboardUrl(stack.site)
  const announced = stack.untilReady([server.name]).then(
    () => process.stdout.write(`The dashboard is at ${url}\n`),
    () => undefined, // `stay` tells why
  )
  await stay(stack, `Everything is up: ${url}. Ctrl-C ends it.`)
  await announced
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n`)
  process.exitCode = 1
}
