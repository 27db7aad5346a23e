import { copyFile, mkdir, readdir, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'

import { noSpace, PassedOver, ProgramError } from './errors.ts'
import type { Job } from './job.ts'
import { withLock } from './lock.ts'
import { findExecutable } from './lookup.ts'
import { writeNetTools } from './net-tools.ts'
import { writeRunner } from './own-loader.ts'
import type { DebianSource } from './program.ts'
import { run } from './run.ts'

const timeoutMs = 5 * 60_000
/** No sandbox account, which could not write into our folder; and no long waits for a mirror that does not answer. */
const aptOptions = [
  'APT::Sandbox::User=root',
  'Acquire::Retries=1',
  'Acquire::http::Timeout=5',
  'Acquire::https::Timeout=5',
]

/** Downloads Debian packages (apt checks their signatures) and unpacks them; nothing is installed, no script of theirs runs. */
export async function fromDebian(source: DebianSource, job: Job): Promise<void> {
  const apt = await findExecutable('apt-get', job.path)
  const dpkg = await findExecutable('dpkg-deb', job.path)
  const { deliver, packages } = source
  if (!apt || !dpkg) throw new PassedOver('there is no apt-get', { install: 'apt and dpkg' })
  job.report({ phase: 'downloading', source: 'package', receivedBytes: 0, totalBytes: null })
  if (!(await hasMirror(apt, job))) throw new PassedOver('no Debian mirror can be reached')
  const archives = join(job.folder, '.archives')
  await mkdir(archives)
  await download({ apt, packages, archives }, job)

  const tree = join(job.folder, staysIn(deliver) ? 'root' : '.root')
  await mkdir(tree)
  for (const name of await readdir(archives)) {
    const { code, stderr } = await run(dpkg, ['-x', join(archives, name), tree], {
      env: job.env,
      timeoutMs,
      signal: job.signal,
    })
    if (code !== 0) throw failed(job, `${name} cannot be unpacked`, stderr)
  }
  await rm(archives, { recursive: true })
  await deliverAs(deliver, tree, job)
}

type Deliver = DebianSource['deliver']

/** Scripts run programs where they were unpacked. */
const staysIn = (deliver: Deliver): boolean =>
  deliver === 'net-tools' || (typeof deliver === 'object' && 'runner' in deliver)

async function deliverAs(deliver: Deliver, tree: string, job: Job): Promise<void> {
  if (deliver === 'net-tools') await writeNetTools(job, tree)
  else if (deliver === 'tree') await liftUp(tree, job.folder)
  else if ('runner' in deliver) await writeRunner(job, tree, deliver.runner)
  else await takeFile(tree, deliver.file, job.folder)
}

/** apt tries every mirror for every file, each as long as it takes. Through a proxy of its own it may reach what we cannot. */
async function hasMirror(apt: string, job: Job): Promise<boolean> {
  const settings = await run(join(dirname(apt), 'apt-config'), ['dump', 'Acquire'], {
    env: job.env,
    timeoutMs,
    signal: job.signal,
  })
  if (/::Proxy\S* "[^"]+"/.test(settings.stdout)) return true
  const args = ['indextargets', '--no-release-info', '--format', '$(REPO_URI)']
  const { stdout } = await run(apt, args, { env: job.env, timeoutMs, signal: job.signal })
  const mirrors = new Set(stdout.split('\n').filter((line) => URL.canParse(line)))
  const answers = await Promise.all([...mirrors].map((mirror) => job.reach.isReachable(new URL(mirror))))
  return answers.some(Boolean)
}

interface Wanted {
  readonly apt: string
  readonly packages: readonly string[]
  readonly archives: string
}

/** By the machine's package lists; if it has none or they are too old, by lists of our own, kept in the cache. */
async function download({ apt, packages, archives }: Wanted, job: Job): Promise<void> {
  const get = async (lists: readonly string[]): Promise<string | null> => {
    const options = [...aptOptions, ...lists].flatMap((option) => ['-o', option])
    const args = ['-qq', ...options, 'download', ...packages]
    const { code, stderr } = await run(apt, args, {
      cwd: archives,
      env: job.env,
      timeoutMs,
      signal: job.signal,
    })
    return code === 0 ? null : stderr
  }
  if ((await get([])) === null) return
  const own = join(job.cacheDir, 'apt')
  await withLock(join(job.cacheDir, 'locks', 'apt.lock'), { signal: job.signal }, async () => {
    const lists = await makeOwnLists(own)
    if ((await get(lists)) === null) return
    const options = [...aptOptions, ...lists].flatMap((option) => ['-o', option])
    const updated = await run(apt, ['-qq', ...options, 'update'], {
      env: job.env,
      timeoutMs,
      signal: job.signal,
    })
    const reason = await get(lists)
    if (reason !== null)
      throw failed(job, 'its Debian packages cannot be downloaded', `${updated.stderr}\n${reason}`)
  })
}

/** @returns the options that keep apt's state out of the machine's. */
async function makeOwnLists(folder: string): Promise<string[]> {
  await mkdir(join(folder, 'state', 'lists', 'partial'), { recursive: true })
  await mkdir(join(folder, 'cache', 'archives', 'partial'), { recursive: true })
  return [
    `Dir::State=${join(folder, 'state')}`,
    'Dir::State::status=/var/lib/dpkg/status',
    `Dir::Cache=${join(folder, 'cache')}`,
  ]
}

function failed(job: Job, why: string, said: string): Error {
  if (/no space left on device/i.test(said))
    return noSpace(`${job.name} (${job.version})`, job.cacheDir, said)
  if (/Hash Sum mismatch/i.test(said)) {
    const sentence = `A Debian package for ${job.name} has the wrong checksum and was thrown away: try again later.`
    return new ProgramError('hash', sentence, { cause: said })
  }
  return new PassedOver(why, { cause: said })
}

async function liftUp(tree: string, folder: string): Promise<void> {
  for (const name of await readdir(tree)) await rename(join(tree, name), join(folder, name))
  await rm(tree, { recursive: true })
}

/** Packages put it into `/bin` or `/usr/bin`, by the age of the distribution. */
async function takeFile(tree: string, file: string, folder: string): Promise<void> {
  const entries = await readdir(tree, { recursive: true, withFileTypes: true })
  const found = entries.find(
    (entry) => entry.isFile() && entry.name === file && entry.parentPath.endsWith('/bin'),
  )
  if (!found) throw new PassedOver(`the package holds no program ${file}`)
  await copyFile(join(found.parentPath, file), join(folder, file))
  await rm(tree, { recursive: true })
}
