import { spawn } from 'node:child_process'
import { closeSync, mkdirSync, openSync, readFileSync, renameSync, statSync } from 'node:fs'
import type { Command } from './component.ts'
import { endProcesses, identify, type ProcessId } from './processes.ts'
import { paths, type Site } from './site.ts'

export interface Launched {
  readonly process: ProcessId
  /** Resolves when the process has ended, however it ended. */
  readonly exited: Promise<void>
  hasExited(): boolean
  /** Why it ended, with the last line of its log. */
  lastWords(): string
  end(): Promise<void>
}

const logKeptBytes = 16 << 20

/**
 * Starts a component's process in a session of its own, so that a Ctrl-C at the terminal reaches us alone
 * and we end things in order. Its pid is recorded in the same tick; its output goes to its log.
 */
export function launch(site: Site, name: string, command: Command): Launched {
  const log = openLog(paths.log(site, name))
  const ids = {
    ...(command.uid === undefined ? {} : { uid: command.uid }),
    ...(command.gid === undefined ? {} : { gid: command.gid }),
  }
  const child = spawn(command.path, [...command.args], {
    cwd: command.cwd ?? site.folder,
    env: { PATH: systemPath, HOME: site.folder, LANG: 'C.UTF-8', ...command.env },
    stdio: ['ignore', log, log],
    detached: true,
    ...ids,
  })
  let ending: string | undefined
  const exited = new Promise<void>((resolve) => {
    child.once('error', (error) => {
      ending = `it can't be started (${error.message})`
      resolve()
    })
    child.once('exit', (code, signal) => {
      ending = signal === null ? `it exited with code ${code}` : `it was ended by ${signal}`
      resolve()
    })
  })
  closeSync(log)
  const process = (child.pid === undefined ? undefined : identify(child.pid)) ?? { pid: -1, startTicks: '0' }
  if (process.pid > 0) site.ledger.recordProcess(name, process)
  return {
    process,
    exited,
    hasExited: () => ending !== undefined,
    lastWords: () => `${ending ?? 'it runs'}; its log ends: ${lastLine(paths.log(site, name))}`,
    async end() {
      const signal = command.stopSignal ?? 'SIGTERM'
      await endProcesses([process], {
        signal,
        ...(command.graceMs === undefined ? {} : { graceMs: command.graceMs }),
      })
      if (process.pid > 0) await exited
    },
  }
}

/** The system's folders and nothing of the caller's, so that a stack runs alike for everybody. */
export const systemPath = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'

/** Appends; a log that has grown large is put aside first. */
function openLog(path: string): number {
  mkdirSync(path.slice(0, path.lastIndexOf('/')), { recursive: true })
  const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0
  if (size > logKeptBytes) renameSync(path, `${path}.1`)
  return openSync(path, 'a', 0o600)
}

function lastLine(path: string): string {
  const lines = readFileSync(path, 'utf8').trimEnd().split('\n')
  return (lines.at(-1) ?? '').slice(-400)
}
