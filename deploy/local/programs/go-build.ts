import { chmod, cp, mkdir, readdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import { noSpace, PassedOver, ProgramError } from './errors.ts'
import { buildEstimate } from './estimate.ts'
import type { Go } from './go-tool.ts'
import type { Job } from './job.ts'
import { withLock } from './lock.ts'
import { findExecutable } from './lookup.ts'
import { machineType } from './machine-type.ts'
import type { GoBuildSource, GoFilesSource } from './program.ts'
import { run } from './run.ts'
import { quoted } from './wrappers.ts'

const buildTimeoutMs = 60 * 60_000
const moduleTimeoutMs = 15 * 60_000
const reportEveryMs = 500

/** Builds a program from its pinned module when its turn in the queue comes; one build at a time on the machine. */
export async function fromGoBuild(source: GoBuildSource, job: Job): Promise<void> {
  const go = await job.go.find()
  const cgo = source.cgo ? await cgoEnvironment(source.cgo, job) : {}
  job.report({ phase: 'waiting', source: 'build', estimatedMs: buildEstimate(job.program, go.cores).firstMs })
  const building = { go, job, env: { ...go.env, ...cgo } }
  await job.ticket.build(async () => {
    const lock = join(job.cacheDir, 'locks', 'builds.lock')
    await withLock(lock, { signal: job.signal }, () => buildAll(source, building))
  }, job.signal)
  await rm(join(job.folder, '.cgo'), { recursive: true, force: true })
}

interface Building {
  readonly go: Go
  readonly job: Job
  readonly env: NodeJS.ProcessEnv
}

async function buildAll(source: GoBuildSource, building: Building): Promise<void> {
  const { go, job } = building
  const progress = buildEstimate(job.program, go.cores)
  const begun = performance.now()
  const report = (): void => {
    const elapsedMs = Math.round(performance.now() - begun)
    job.report({ phase: 'building', source: 'build', elapsedMs, estimatedMs: progress.at(elapsedMs) })
  }
  report()
  const timer = setInterval(report, reportEveryMs)
  try {
    for (const [file, goPackage] of Object.entries(source.packages)) {
      await buildOne({ file, goPackage, source }, building, () => progress.isCompiling())
    }
  } finally {
    clearInterval(timer)
  }
}

async function buildOne(
  { file, goPackage, source }: { file: string; goPackage: string; source: GoBuildSource },
  { go, job, env }: Building,
  onLine: () => void,
): Promise<void> {
  const stamps = Object.entries(source.stamps ?? {}).map(([variable, value]) => `-X ${variable}=${value}`)
  const ldflags = ['-s', '-w', ...stamps, ...(source.cgo ? ['-extldflags -static'] : [])].join(' ')
  const tags = source.tags ? ['-tags', source.tags.join(',')] : []
  const flags = ['-mod=readonly', '-trimpath', '-v', ...tags, '-ldflags', ldflags]
  const { code, timedOut, stderr } = await run(
    go.command,
    ['build', ...flags, '-o', join(job.folder, file), goPackage],
    {
      cwd: join(job.localDir, source.module),
      env,
      timeoutMs: buildTimeoutMs,
      signal: job.signal,
      onLine,
    },
  )
  if (code !== 0) throw failed(job, go, timedOut ? `${stderr}\ntimed out` : stderr)
}

/** Copies files out of a module of the (verified) module cache. */
export async function fromGoFiles(source: GoFilesSource, job: Job): Promise<void> {
  const go = await job.go.find()
  job.report({ phase: 'downloading', source: 'download', receivedBytes: 0, totalBytes: null })
  const { code, stdout, stderr } = await run(go.command, ['mod', 'download', '-json', source.of], {
    cwd: join(job.localDir, source.module),
    env: go.env,
    timeoutMs: moduleTimeoutMs,
    signal: job.signal,
  })
  const answer = code === 0 ? (JSON.parse(stdout) as { Dir?: string }) : {}
  if (!answer.Dir) throw failed(job, go, `${stderr}\n${stdout}`)
  const from = join(answer.Dir, source.folder)
  for (const name of source.files ?? (await definitionsIn(from))) {
    await cp(join(from, name), join(job.folder, name))
    await chmod(join(job.folder, name), 0o644) // Files of the module cache are read-only.
  }
}

async function definitionsIn(folder: string): Promise<string[]> {
  const names = await readdir(folder)
  return names.filter((name) => name.endsWith('.yaml') && name !== 'kustomization.yaml')
}

/** Which sentence a failure of Go deserves; the last lines of what it said go with it as the cause. */
function failed(job: Job, go: Go, said: string): Error {
  if (/no space left on device/i.test(said)) return noSpace(`${job.name} ${job.version}`, job.cacheDir, said)
  if (!go.online && /GOPROXY=off|module lookup disabled/.test(said)) {
    return new PassedOver('its Go modules cannot be downloaded')
  }
  const lines = said
    .trim()
    .split('\n')
    .filter((line) => !line.startsWith('go: downloading'))
  const last = lines.findLast((line) => line.trim() !== '') ?? 'no reason given'
  return new ProgramError(
    'build',
    `Building ${job.name} ${job.version} with ${go.command} failed: ${last.trim()}`,
    {
      cause: lines.slice(-20).join('\n'),
    },
  )
}

/**
 * Lets cgo find an unpacked static library. A script stands in for pkg-config, which need not be installed and would
 * know the library by the place where it is not.
 */
async function cgoEnvironment(name: 'libseccomp', job: Job): Promise<NodeJS.ProcessEnv> {
  const compiler =
    job.env['CC'] || ((await findExecutable('gcc', job.path)) ?? (await findExecutable('cc', job.path)))
  if (!compiler) throw new PassedOver('there is no C compiler', { install: 'gcc and libc6-dev' })
  job.ticket.aside()
  const tree = await job.need(name)
  job.ticket.undecided()
  const libraries = join(tree, 'usr', 'lib', machineType()?.triplet ?? '')
  const folder = join(job.folder, '.cgo')
  await mkdir(folder)
  const script = join(folder, 'pkg-config')
  const headers = quoted(`"-I${tree}/usr/include"`)
  const linking = quoted(`"-L${libraries}" -lseccomp`)
  const text = `#!/bin/sh\ncase "$1" in --cflags) echo ${headers} ;; *) echo ${linking} ;; esac\n`
  await writeFile(script, text, { mode: 0o755 })
  return { CGO_ENABLED: '1', CC: compiler, PKG_CONFIG: script }
}
