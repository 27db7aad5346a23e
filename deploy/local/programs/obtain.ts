import { rm } from 'node:fs/promises'
import { join } from 'node:path'

import { answerIn, entryFolder, holdsProgram, makeWorkFolder, publish } from './cache.ts'
import { fromDebian } from './debian.ts'
import { fromRelease } from './download.ts'
import type { ProgramEvent, ProgramOrigin } from './events.ts'
import { explained, PassedOver, ProgramError } from './errors.ts'
import { fromGoBuild, fromGoFiles } from './go-build.ts'
import type { Job } from './job.ts'
import { withLock } from './lock.ts'
import { fromPath, fromSetting, versionOf } from './lookup.ts'
import { fromMachineTools } from './net-tools.ts'
import type { Source } from './program.ts'
import { settingOf } from './settings.ts'
import { fromWheel } from './wheel.ts'

export interface Obtaining extends Omit<Job, 'version' | 'folder' | 'entry' | 'report'> {
  /** What a setting names, if one does. */
  readonly override: string | undefined
  readonly report: (event: Omit<ProgramEvent, 'name'>) => void
}

/** Gets one program from the first place that has it. Rejects with ProgramError. */
export async function obtain(obtaining: Obtaining): Promise<string> {
  const { name, program, report, override, env, path, cacheDir, localDir } = obtaining
  let version = typeof program.version === 'string' ? program.version : ''
  const ready = (answer: string, source: ProgramOrigin): string => {
    report({ version, phase: 'ready', source })
    return answer
  }
  report({ version, phase: 'checking', source: null })
  try {
    if (override) return ready(await fromSetting(name, override, program), 'setting')
    const found = await fromPath(program, env, path)
    if (found) return ready(found, 'path')
    version = await versionOf(program, localDir)
    const entry = entryFolder(cacheDir, name, version)
    if (await holdsProgram(entry, program)) return ready(answerIn(entry, program), 'cache')
    return ready(answerIn(entry, program), await fill(obtaining, version, entry))
  } catch (error) {
    const told = explained(error, `${name} ${version}`.trim(), cacheDir)
    report({
      version,
      phase: 'failed',
      source: null,
      reason: told instanceof Error ? told.message : String(told),
    })
    throw told
  }
}

/** Fills the cache's entry, unless another process does so first. */
async function fill(obtaining: Obtaining, version: string, entry: string): Promise<ProgramOrigin> {
  const { name, program, ticket, cacheDir, signal, report } = obtaining
  if (!program.sources.some((source) => source.kind === 'go-build')) ticket.aside()
  const onWait = (): void => {
    ticket.aside()
    report({ version, phase: 'waiting', source: null })
  }
  return await withLock(join(cacheDir, 'locks', `${name}-${version}.lock`), { signal, onWait }, async () => {
    if (await holdsProgram(entry, program)) return 'cache'
    return await tryAll(obtaining, version, entry)
  })
}

async function tryAll(obtaining: Obtaining, version: string, entry: string): Promise<ProgramOrigin> {
  const { name, program, cacheDir } = obtaining
  const passed: PassedOver[] = []
  for (const source of program.sources) {
    const folder = await makeWorkFolder(cacheDir)
    const report: Job['report'] = (event) => obtaining.report({ ...event, version })
    try {
      await take(source, { ...obtaining, version, folder, entry, report })
      await publish(folder, entry, program)
      return originOf(source)
    } catch (error) {
      if (!(error instanceof PassedOver)) throw error
      passed.push(error)
    } finally {
      await rm(folder, { recursive: true, force: true, maxRetries: 3 })
    }
  }
  throw nothingWorked(`${name} ${version}`, name, passed)
}

async function take(source: Source, job: Job): Promise<void> {
  switch (source.kind) {
    case 'release':
      await fromRelease(source, job)
      break
    case 'go-build':
      await fromGoBuild(source, job)
      break
    case 'go-files':
      await fromGoFiles(source, job)
      break
    case 'wheel':
      await fromWheel(source, job)
      break
    case 'debian':
      await fromDebian(source, job)
      break
    case 'machine-tools':
      await fromMachineTools(job)
  }
}

function originOf(source: Source): ProgramOrigin {
  if (source.kind === 'go-build') return 'build'
  if (source.kind === 'release' || source.kind === 'go-files') return 'download'
  return source.kind === 'machine-tools' ? 'path' : 'package'
}

/** One sentence: what to install if that would help, else that the network is needed once. */
function nothingWorked(what: string, name: string, passed: readonly PassedOver[]): ProgramError {
  const install = passed.findLast((one) => one.install !== undefined)?.install
  const remedy = install ? `Install ${install}` : 'Connect this machine to the internet'
  const reasons = passed.map((one) => one.message).join(' and ') || 'it has no source'
  const sentence = `${remedy} and run this again, or name the program by ${settingOf(name)}: ${what} could not be had, because ${reasons}.`
  return new ProgramError('missing', sentence, { cause: passed })
}
