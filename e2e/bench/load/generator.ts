/** A load generator in a process of its own: takes jobs by message, one after another, prepares and then does each. */
import { setTimeout as sleep } from 'node:timers/promises'

import { openConnection, type Connection } from './connection.ts'
import { GO, type Job, type Load } from './job.ts'

interface Tally {
  readonly times: number[]
  failures: number
}

let prepared: Prepared | undefined

process.on('message', (message: Job | typeof GO) => {
  doNext(message).then(
    (answer) => process.send?.(answer),
    (error: unknown) => {
      process.stderr.write(`${String(error)}\n`)
      process.exit(1)
    },
  )
})
process.on('disconnect', () => process.exit(0))

interface Prepared {
  readonly job: Job
  readonly requestOf: (number: number) => Buffer
  readonly connections: readonly Connection[]
}

async function doNext(message: Job | typeof GO): Promise<Load | 'ready'> {
  if (message === GO) {
    if (!prepared) throw new Error('There is no job to begin with.')
    return run(prepared)
  }
  const connections = Array.from({ length: message.connections }, () => openConnection(message.port))
  prepared = { job: message, requestOf: requestsOf(message), connections: await Promise.all(connections) }
  return 'ready'
}

async function run(all: Prepared): Promise<Load> {
  const tally: Tally = { times: [], failures: 0 }
  const startedAt = performance.now()
  await (all.job.perSecond === undefined ? closedLoop(all, tally) : openLoop(all, tally))
  const seconds = (performance.now() - startedAt) / 1000
  for (const connection of all.connections) connection.close()
  const sorted = tally.times.toSorted((a, b) => a - b)
  const at = (share: number): number => sorted[Math.floor(share * sorted.length)] ?? Number.NaN
  return {
    requests: sorted.length,
    failures: tally.failures,
    seconds,
    p50: at(0.5),
    p99: at(0.99),
    max: sorted.at(-1) ?? Number.NaN,
  }
}

async function ask(connection: Connection, { request, due }: Due, tally: Tally): Promise<void> {
  try {
    if ((await connection.ask(request)) !== 200) tally.failures += 1
  } catch {
    tally.failures += 1
  }
  tally.times.push(performance.now() - due)
}

interface Due {
  readonly request: Buffer
  /** When it should have been sent. */
  readonly due: number
}

function requestsOf({ request }: Job): (number: number) => Buffer {
  const all = [request].flat().map((each) => Buffer.from(each))
  return (number) => all[number % all.length] ?? Buffer.alloc(0)
}

async function closedLoop({ job, requestOf, connections }: Prepared, tally: Tally): Promise<void> {
  let number = 0
  const until = performance.now() + job.seconds * 1000
  const repeat = async (connection: Connection): Promise<void> => {
    while (performance.now() < until)
      await ask(connection, { request: requestOf(number++), due: performance.now() }, tally)
  }
  await Promise.all(connections.map(repeat))
}

/** Requests that find no free connection wait for one, and their wait counts. */
async function openLoop({ job, requestOf, connections }: Prepared, tally: Tally): Promise<void> {
  const { seconds, perSecond = 1 } = job
  const startedAt = performance.now()
  const total = Math.floor(seconds * perSecond)
  const free = [...connections]
  let next = 0
  const dueAt = (number: number): number => startedAt + (number * 1000) / perSecond
  const send = async (connection: Connection, number: number): Promise<void> => {
    await ask(connection, { request: requestOf(number), due: dueAt(number) }, tally)
    free.push(connection)
    begin()
  }
  const begin = (): void => {
    while (next < total && dueAt(next) <= performance.now()) {
      const connection = free.pop()
      if (!connection) return
      void send(connection, next++)
    }
  }
  while (tally.times.length < total) {
    begin()
    await sleep(1)
  }
}
