/**
 * Keeps package-lock.json fit for every machine. npm leaves packages of other platforms out when they are not
 * installed or its registry does not have them (npm/cli issue 4828), and `npm ci` then refuses the lock file.
 */
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

interface Entry {
  version?: string
  resolved?: string
  link?: boolean
  dev?: boolean
  optional?: boolean
  os?: string[]
  cpu?: string[]
  libc?: string[]
  optionalDependencies?: Record<string, string>
}

interface Lock {
  packages: Record<string, Entry>
}

interface Manifest {
  dependencies?: Record<string, string>
  devDependencies?: Record<string, string>
}

const SYSTEMS = [
  'aix',
  'android',
  'darwin',
  'freebsd',
  'linux',
  'netbsd',
  'openbsd',
  'openharmony',
  'sunos',
  'win32',
]
const PROCESSORS = [
  'arm',
  'arm64',
  'ia32',
  'loong64',
  'mips64el',
  'ppc64',
  'riscv64',
  's390x',
  'wasm32',
  'x64',
]
const EXACT = /^\d+\.\d+\.\d+(-[\w.]+)?$|^npm:.+@\d+\.\d+\.\d+(-[\w.]+)?$/

/** Optional packages that other packages name and the lock file does not have. */
function leftOut(lock: Lock): [name: string, entry: Entry][] {
  const present = new Set(Object.keys(lock.packages).map((path) => path.split('node_modules/').at(-1)))
  const missing = Object.values(lock.packages).flatMap(({ optionalDependencies = {}, dev }) =>
    Object.entries(optionalDependencies)
      .filter(([name, version]) => !present.has(name) && EXACT.test(version))
      .map(([name, version]): [string, Entry] => [name, platformEntry(name, version, dev ?? false)]),
  )
  return [...new Map(missing)]
}

/** Such packages carry their platform in their name, which keeps npm from installing them elsewhere. */
function platformEntry(name: string, version: string, dev: boolean): Entry {
  const words = name.split(/[/-]/)
  const cpu = PROCESSORS.filter((word) => words.includes(word))
  const os = SYSTEMS.filter((word) => words.includes(word))
  const libc = words.some((word) => word.startsWith('musl')) ? ['musl'] : ['glibc']
  return {
    version,
    ...(cpu.length > 0 ? { cpu } : {}),
    ...(dev ? { dev } : {}),
    ...(os.includes('linux') ? { libc } : {}),
    optional: true,
    ...(os.length > 0 ? { os } : {}),
  }
}

/** A lock file with every platform in it, its packages in the order in which npm writes them. */
export function completed(lock: Lock): Lock {
  const added = leftOut(lock).map(([name, entry]) => [`node_modules/${name}`, entry] as const)
  const packages = [...Object.entries(lock.packages), ...added].toSorted(([a], [b]) =>
    a.localeCompare(b, 'en'),
  )
  return { ...lock, packages: Object.fromEntries(packages) }
}

/** What is wrong with a lock file and its package.json; a sentence each. */
export function lockProblems(lock: Lock, manifest: Manifest): string[] {
  const names = leftOut(lock).map(([name]) => name)
  const left = `package-lock.json leaves out ${names.join(', ')}: \`npm ci\` refuses that. Run \`npm run fix\`.`
  const addresses = Object.entries(lock.packages).filter(([, { resolved, link }]) => resolved && !link)
  const loose = Object.entries({ ...manifest.dependencies, ...manifest.devDependencies }).filter(
    ([, version]) => !EXACT.test(version),
  )
  return [
    ...(names.length > 0 ? [left] : []),
    ...addresses.map(
      ([path]) =>
        `package-lock.json says where ${path} came from: take "resolved" out, because others have another mirror.`,
    ),
    ...loose.map(
      ([name, version]) =>
        `package.json asks for ${name} ${version}: name one version, because a range is another program tomorrow.`,
    ),
  ]
}

async function read<Content>(folder: string, file: string): Promise<Content> {
  return JSON.parse(await readFile(join(folder, file), 'utf8')) as Content
}

export async function checkLock(folder: string): Promise<string[]> {
  return lockProblems(
    await read<Lock>(folder, 'package-lock.json'),
    await read<Manifest>(folder, 'package.json'),
  )
}

/** Writes the lock file again if something was left out. */
export async function completeLock(folder: string): Promise<void> {
  const lock = await read<Lock>(folder, 'package-lock.json')
  if (leftOut(lock).length === 0) return
  await writeFile(join(folder, 'package-lock.json'), `${JSON.stringify(completed(lock), null, 2)}\n`)
}
