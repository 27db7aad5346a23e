/**
 * The operator as a process: `node operator/main.ts [flags]`. It ends by SIGTERM or SIGINT in order, and at once when it
 * loses the lease, because another replica may lead by then.
 */
import { pino, stdTimeFunctions, type Logger } from 'pino'

import { createOperator } from './operator.ts'
import { connect } from './runtime/connect.ts'
import { tidyAtRest } from './runtime/tidy-at-rest.ts'
import { loadSettings, SettingsError, type OperatorSettings } from './settings.ts'

/** What a wrong flag ends with, as programs do. */
const USAGE = 2

async function main(): Promise<number> {
  const settings = settingsOrFaults()
  if (!settings) return USAGE
  const log = pino({
    level: settings.logLevel,
    base: { name: 'shipyard-operator' },
    timestamp: stdTimeFunctions.isoTime,
  })
  try {
    await run(settings, log)
    return 0
  } catch (error) {
    log.fatal({ err: error }, 'The operator ends.')
    return 1
  }
}

async function run(settings: OperatorSettings, log: Logger): Promise<void> {
  const transport = connect(settings.kubeconfig)
  const stop = new AbortController()
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.once(signal, () => {
      log.info({ signal }, 'Told to stop.')
      stop.abort()
    })
  }
  const stopTidying = tidyAtRest()
  try {
    await createOperator(settings, { transport, log }).run(stop.signal)
  } finally {
    stopTidying()
    await transport.close()
  }
}

function settingsOrFaults(): OperatorSettings | undefined {
  try {
    return loadSettings()
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error
    for (const fault of error.faults) process.stderr.write(`${fault}\n`)
    return undefined
  }
}

// Timers and sockets that are left over must not keep a replica alive that has stopped.
process.exit(await main())
