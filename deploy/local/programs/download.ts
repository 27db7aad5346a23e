import { createHash } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { rename, rm } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'

import { BadArchive, extractTarGz } from './archive.ts'
import { PassedOver, ProgramError } from './errors.ts'
import { BrokenOff } from './http.ts'
import type { Job } from './job.ts'
import { machineType, type MachineType } from './machine-type.ts'
import type { ReleaseSource } from './program.ts'

const reportEveryMs = 200
const checksumLimitBytes = 1024 * 1024
const tries = 2

/**
 * Takes a program from its official release. What was downloaded is opened only after its SHA-256 was found right.
 * A host out of reach or an asset that is not there is passed over; a wrong sum is not.
 */
export async function fromRelease(source: ReleaseSource, job: Job): Promise<void> {
  const machine = machineType()
  if (!machine) throw new PassedOver('its releases have nothing for this kind of machine')
  const url = new URL(filled(source.url, job.version, machine))
  job.report({ phase: 'checking', source: 'download' })
  await job.downloads.slots.use(async () => {
    const expected = source.sha256?.[machine.arch] ?? (await publishedSum(source, { job, machine, url }))
    const file = join(job.folder, '.download')
    for (let tried = 1; ; tried += 1) {
      const whole = await transfer(url, file, { job, expected, last: tried === tries })
      if (whole) break
    }
    await unpack(source, { job, machine, file })
    await rm(file, { force: true })
  })
}

function filled(template: string, version: string, { arch, machine }: MachineType): string {
  return template.replaceAll('{version}', version).replaceAll('{arch}', arch).replaceAll('{machine}', machine)
}

async function publishedSum(
  source: ReleaseSource,
  { job, machine, url }: { job: Job; machine: MachineType; url: URL },
): Promise<string> {
  if (!source.checksumUrl) throw new PassedOver(`no checksum is known for ${url.href}`)
  const address = new URL(filled(source.checksumUrl, job.version, machine))
  const text = await job.downloads.http.text(address, { signal: job.signal, limitBytes: checksumLimitBytes })
  const sum = sumIn(text, basename(url.pathname))
  if (!sum) throw new PassedOver(`${address.href} has no checksum for ${basename(url.pathname)}`)
  return sum
}

/** A bare sum, or the line `sum  name`, `sum *name` or `sum  ./name` as sha256sum writes it. */
export function sumIn(text: string, name: string): string | null {
  const bare = /^([0-9a-f]{64})\s*$/i.exec(text)?.[1]
  if (bare) return bare.toLowerCase()
  for (const line of text.split('\n')) {
    const [, sum, path] = /^([0-9a-f]{64})[ \t]+\*?(\S+)\s*$/i.exec(line) ?? []
    if (sum && path && basename(path) === name) return sum.toLowerCase()
  }
  return null
}

/** @returns false if the connection broke off and another try is due. */
async function transfer(
  url: URL,
  file: string,
  { job, expected, last }: { job: Job; expected: string; last: boolean },
): Promise<boolean> {
  const hash = createHash('sha256')
  let received = 0
  let total: number | null = null
  try {
    const response = await job.downloads.http.get(url, job.signal)
    total = response.totalBytes
    job.ticket.aside()
    const meter = meterOf(job, total)
    const pass = new Transform({
      transform(chunk: Buffer, _encoding, done) {
        hash.update(chunk)
        received += chunk.length
        meter(received)
        done(null, chunk)
      },
    })
    await pipeline(response.body, pass, createWriteStream(file), { signal: job.signal })
  } catch (error) {
    if (!(error instanceof BrokenOff)) throw error
    if (!last) return false
    throw new ProgramError('broken', brokenOff(job, received, total), { cause: error })
  }
  const sum = hash.digest('hex')
  if (sum === expected) return true
  const sentence = `The download of ${job.name} ${job.version} from ${url.host} has the wrong SHA-256 (${sum} instead of ${expected}) and was thrown away: try again later, or name a trusted copy of the program in a setting.`
  throw new ProgramError('hash', sentence)
}

function brokenOff({ name, version }: Job, received: number, total: number | null): string {
  const mb = (bytes: number): string => (bytes / 1_000_000).toFixed(1)
  const part = total === null ? `${mb(received)} MB` : `${mb(received)} of ${mb(total)} MB`
  return `The download of ${name} ${version} broke off after ${part}: check the connection, then run this again.`
}

function meterOf(job: Job, totalBytes: number | null): (receivedBytes: number) => void {
  let reported = -Infinity
  return (receivedBytes) => {
    const now = performance.now()
    if (now - reported < reportEveryMs && receivedBytes !== totalBytes) return
    reported = now
    job.report({ phase: 'downloading', source: 'download', receivedBytes, totalBytes })
  }
}

async function unpack(
  source: ReleaseSource,
  { job, machine, file }: { job: Job; machine: MachineType; file: string },
): Promise<void> {
  if (source.members === null) {
    await rename(file, join(job.folder, job.program.file ?? job.name))
    return
  }
  const members = Object.entries(source.members).map(([name, path]) => [
    name,
    filled(path, job.version, machine),
  ])
  try {
    await extractTarGz(file, Object.fromEntries(members) as Record<string, string>, job.folder)
  } catch (error) {
    if (!(error instanceof BadArchive)) throw error
    const sentence = `The release of ${job.name} ${job.version} cannot be unpacked (${error.message}) and was thrown away: name the program in a setting instead.`
    throw new ProgramError('broken', sentence, { cause: error })
  }
}
