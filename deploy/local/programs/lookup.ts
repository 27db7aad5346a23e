import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { delimiter, join } from 'node:path'

import { isExecutable, isFolder } from './cache.ts'
import { ProgramError } from './errors.ts'
import type { PathCheck, Program } from './program.ts'
import { run } from './run.ts'
import { settingOf } from './settings.ts'

const askTimeoutMs = 5000

/** What the setting names, if it is of the right kind. Its version is the business of who set it. */
export async function fromSetting(name: string, value: string, program: Program): Promise<string> {
  const fits = program.file === null ? await isFolder(value) : await isExecutable(value)
  if (fits) return value
  const kind = program.file === null ? 'a folder' : 'a program that may be run'
  throw new ProgramError(
    'setting',
    `${settingOf(name)} names ${value}, which is not ${kind}: correct or remove it.`,
  )
}

/** First executable of this name on a `PATH`. */
export async function findExecutable(name: string, path: string): Promise<string | null> {
  for (const folder of path.split(delimiter)) {
    if (folder && (await isExecutable(join(folder, name)))) return join(folder, name)
  }
  return null
}

/** The program on `PATH`, if its own word on its version fits and what must stand beside it does. */
export async function fromPath(
  program: Program,
  env: NodeJS.ProcessEnv,
  path: string,
): Promise<string | null> {
  if (!program.onPath || program.file === null || typeof program.version !== 'string') return null
  const found = await findExecutable(program.file, path)
  if (!found) return null
  const beside = (program.alongside ?? []).map((file) => isExecutable(join(found, '..', file)))
  if (!(await Promise.all(beside)).every(Boolean)) return null
  const answer = await askVersion(found, program.onPath, env)
  return answer !== null && versionFits(answer, program.version, program.onPath) ? found : null
}

/** Same major and minor; the patch number counts only where the check says so. */
export function versionFits(found: string, wanted: string, check: Pick<PathCheck, 'patchAtLeast'>): boolean {
  const [major, minor, patch = 0] = found.split('.').map(Number)
  const [wantedMajor, wantedMinor, wantedPatch = 0] = wanted.split('.').map(Number)
  return major === wantedMajor && minor === wantedMinor && (!check.patchAtLeast || patch >= wantedPatch)
}

async function askVersion(command: string, check: PathCheck, env: NodeJS.ProcessEnv): Promise<string | null> {
  try {
    const { stdout, stderr } = await run(command, check.arguments, { env, timeoutMs: askTimeoutMs })
    return check.pattern.exec(`${stdout}\n${stderr}`)?.[1] ?? null
  } catch {
    return null // Cannot even be started (another machine's binary): as good as not there.
  }
}

/** The version that names the cache's entry: as written, or a hash of the sources it is built from (tests excepted). */
export async function versionOf(program: Program, localDir: string): Promise<string> {
  if (typeof program.version === 'string') return program.version
  const folder = join(localDir, program.version.hashOf)
  const hash = createHash('sha256')
  const files = await readdir(folder, { recursive: true, withFileTypes: true })
  const paths = files.filter((file) => file.isFile() && !file.name.endsWith('_test.go'))
  for (const path of paths.map((file) => join(file.parentPath, file.name)).toSorted()) {
    const text = await readFile(path)
    hash.update(`${path.slice(folder.length)}\0${text.length}\0`).update(text)
  }
  return hash.digest('hex').slice(0, 12)
}
