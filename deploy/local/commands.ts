import { spawn } from 'node:child_process'
import { closeSync, mkdirSync, openSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fetchPrograms } from './programs/fetch.ts'
import { programStore } from './programs/store.ts'
import { onStop } from './on-stop.ts'
import { createProgress } from './progress.ts'
import { localSettings, repository } from './settings.ts'
import type { Component } from './component.ts'
import { askControl, isWhole, type ControlAnswer } from './control.ts'
import { controlPort, envOf } from './folder.ts'
import { startStack, type Stack } from './stack.ts'
import { stopStack } from './tidy.ts'

const say = (line: string): unknown => process.stdout.write(`${line}\n`)

export interface UpOptions {
  readonly folder: string
  readonly detach: boolean
  readonly only?: readonly string[]
  /** What runs on the stack. */
  readonly apps?: readonly Component[]
}

/** Brings the stack up and keeps it up until a signal comes, or, detached, until all is ready. */
export async function up(options: UpOptions): Promise<void> {
  if (options.detach) return upDetached(options)
  await stay(
    await upWithProgress(options),
    'The stack is up. `npm run stack -- env` names its parts; Ctrl-C ends it.',
  )
}

/** Waits until all is ready, says so, and takes the stack down when a signal comes or a part can't be started. */
export async function stay(stack: Stack, greeting: string): Promise<void> {
  const asked = onStop()
  const stopAsked = new Promise<void>((resolve) => asked.addEventListener('abort', () => resolve()))
  try {
    await Promise.race([stack.untilReady(), stopAsked])
    if (!asked.aborted) say(greeting)
    await stopAsked
  } finally {
    say('Taking the stack down…')
    await stack.stop()
  }
}

/** Starts a stack with the environment's settings and shows on the terminal how far it is. */
export async function upWithProgress(options: Pick<UpOptions, 'folder' | 'only' | 'apps'>): Promise<Stack> {
  const { existing, ports } = await localSettings()
  if (existing.kubeconfig) {
    // Loaded only here: the library costs 60 MB, and the supervisor stays for as long as the stack.
    const { inspectCluster } = await import('./existing-cluster.ts')
    const cluster = await inspectCluster(existing.kubeconfig)
    say(
      `Using the cluster of KUBECONFIG (Kubernetes ${cluster.version}). ${cluster.lacks.join(' ')}`.trimEnd(),
    )
  }
  const progress = createProgress(process.stdout)
  const stack = await startStack({
    folder: options.folder,
    existing,
    ports,
    programs: programStore({ onEvent: (event) => progress.program(event) }),
    onChange: (state) => progress.component(state),
    ...(options.only ? { parts: options.only } : {}),
    ...(options.apps ? { apps: options.apps } : {}),
  })
  const { whyNoNode } = stack.site.machine
  if (whyNoNode && !existing.kubeconfig) say(`Apps will be scheduled but will not answer: ${whyNoNode}`)
  return stack
}

async function upDetached({ folder, only }: UpOptions): Promise<void> {
  mkdirSync(join(folder, 'logs'), { recursive: true })
  const path = join(folder, 'logs/supervisor.log')
  const log = openSync(path, 'w')
  const args = [
    join(import.meta.dirname, 'main.ts'),
    'up',
    '--folder',
    folder,
    ...(only ? ['--only', only.join(',')] : []),
  ]
  const child = spawn(process.execPath, args, {
    cwd: repository,
    detached: true,
    stdio: ['ignore', log, log],
  })
  closeSync(log)
  child.unref()
  let exitCode: number | null | undefined
  child.once('exit', (code) => (exitCode = code))
  while (exitCode === undefined) {
    // A machine that is busy with starting may answer late.
    const answer = await ask(folder).catch(() => undefined)
    if (isWhole(answer)) {
      say(`The stack is up (pid ${child.pid ?? 'unknown'}); \`npm run stack -- down\` ends it.`)
      return
    }
    await sleep(200)
  }
  throw new Error(`The stack does not come up; ${path} says why.`)
}

export async function down(options: { folder: string; purge: boolean }): Promise<void> {
  const was = await stopStack(options.folder)
  say(was ? 'The stack is down.' : `No stack runs in ${options.folder}.`)
  if (options.purge) await rm(options.folder, { recursive: true, force: true })
}

export async function status(options: { folder: string; json: boolean }): Promise<void> {
  const answer = await ask(options.folder)
  if (options.json) say(JSON.stringify(answer ?? { components: [] }))
  else if (!answer) say(`No stack runs in ${options.folder}.`)
  else for (const each of answer.components) say(statusLine(each))
  if (!answer) process.exitCode = 3
}

function statusLine(each: ControlAnswer['components'][number]): string {
  const after = each.readyAfterMs === undefined ? '' : `${(each.readyAfterMs / 1000).toFixed(1)} s`
  const restarts = each.restarts > 0 ? `, started again ${each.restarts} times` : ''
  const reason = each.phase === 'ready' || !each.reason ? '' : `: ${each.reason}`
  return `${each.phase.padEnd(8)} ${after.padStart(7)}  ${each.name.padEnd(24)} ${each.about}${restarts}${reason}`
}

export function env(options: { folder: string; json: boolean }): void {
  const values = envOf(options.folder)
  if (!values) throw new Error(`No stack runs in ${options.folder}: bring one up first.`)
  if (options.json) say(JSON.stringify(values))
  else for (const [name, value] of Object.entries(values)) say(`${name}=${value}`)
}

/** Gets every program into the cache, so that a later start needs neither network nor compiler. */
export async function fetchAll(): Promise<void> {
  const progress = createProgress(process.stdout)
  const store = programStore({ onEvent: (event) => progress.program(event) })
  const fetched = await fetchPrograms(store)
  progress.end()
  const reasons = fetched.flatMap(({ reason }) => reason ?? [])
  if (reasons.length > 0) throw new Error(reasons.join('\n'))
  say(`All ${fetched.length} programs are there.`)
}

async function ask(folder: string): Promise<ControlAnswer | undefined> {
  const port = controlPort(folder)
  return port === undefined ? undefined : askControl(port)
}
