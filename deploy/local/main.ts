import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { down, env, fetchAll, status, up } from './commands.ts'
import { repository } from './settings.ts'

/** `npm run stack -- up | down | status | env | fetch`: the local stack, by hand. */

const usage = `npm run stack -- COMMAND [options]

  up        bring the stack up and stay until Ctrl-C       --detach: leave it running and return
                                                           --only a,b: these parts and what they need
  down      take the stack down; data stay                 --purge: remove the data as well
  status    what runs                                      --json: for machines
  env       variables that lead to its parts               --json
  fetch     get every program into the cache, start nothing

  --folder DIR   where the stack lives (default: .shipyard/stack)
`

try {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: {
      folder: { type: 'string', default: '.shipyard/stack' },
      only: { type: 'string' },
      detach: { type: 'boolean', default: false },
      purge: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
    },
  })
  const folder = resolve(repository, values.folder)
  const [command] = positionals
  if (command === 'up')
    await up({ folder, detach: values.detach, ...(values.only ? { only: values.only.split(',') } : {}) })
  else if (command === 'down') await down({ folder, purge: values.purge })
  else if (command === 'status') await status({ folder, json: values.json })
  else if (command === 'env') env({ folder, json: values.json })
  else if (command === 'fetch') await fetchAll()
  else throw new Error(usage)
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n`)
  process.exitCode = 1
}
