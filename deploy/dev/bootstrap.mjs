// @ts-check
/**
 * The one door of every npm script: `node deploy/dev/bootstrap.mjs COMMAND [args]`.
 *
 * It needs nothing but Node 18: installs the packages when the lock file asks for others than are there,
 * generates the database client when the schema asks for another, then hands over to the pinned Node (the npm
 * package `node`), which runs TypeScript as it is.
 * It imports no package and no TypeScript, because on a fresh clone neither can be used yet.
 */
import { spawn } from 'node:child_process'
import { accessSync, constants, existsSync, readFileSync, realpathSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

import { takeLock } from './bootstrap/lock.mjs'
import { ensurePrismaClient } from './bootstrap/prisma-client.mjs'
import { Refusal } from './bootstrap/refusal.mjs'

/** @type {Record<string, string>} */
export const PROGRAMS = {
  start: 'deploy/dev/start.ts',
  stack: 'deploy/local/main.ts',
  test: 'deploy/dev/test.ts',
  check: 'deploy/dev/check.ts',
  fix: 'deploy/dev/fix.ts',
  gen: 'deploy/dev/gen.ts',
  bench: 'deploy/dev/bench.ts',
}

const INSTALL_TIMEOUT_MS = 15 * 60_000
/** Ctrl-C arrives twice within milliseconds: from the terminal and again from npm. A second press comes later. */
const SAME_PRESS_MS = 500

/**
 * Compares what the lock file wants with what npm recorded in `node_modules/.package-lock.json`, which it
 * writes last, so an installation that was cut off never counts. Packages of other platforms may be missing.
 *
 * @param {string} root folder of the repository
 * @returns {boolean} true when no installation is needed
 */
function isInstalled(root) {
  const record = join(root, 'node_modules/.package-lock.json')
  if (!existsSync(record) || !existsSync(pinnedNode(root))) return false
  const wanted = packagesOf(join(root, 'package-lock.json'))
  const installed = packagesOf(record)
  return Object.entries(wanted).every(([path, entry]) => {
    if (path === '') return true
    const found = installed[path]
    if (!found) return Boolean(entry.optional || entry.devOptional)
    return found.version === entry.version && found.integrity === entry.integrity
  })
}

/**
 * @typedef {{ version?: string, integrity?: string, optional?: boolean, devOptional?: boolean }} Entry
 * @param {string} lockFile
 */
function packagesOf(lockFile) {
  try {
    const content = /** @type {{ packages?: Record<string, Entry> }} */ (
      JSON.parse(readFileSync(lockFile, 'utf8'))
    )
    return content.packages ?? {}
  } catch (error) {
    throw new Refusal(`${lockFile} cannot be read (${reasonOf(error)}); restore it with git and try again.`)
  }
}

/** @param {string} root */
const pinnedNode = (root) => join(root, 'node_modules/node/bin/node')

/** @param {unknown} error */
const reasonOf = (error) => (error instanceof Error ? error.message : String(error))

/**
 * Installs the packages if they are not there as the lock file names them; of several processes one does it.
 *
 * @param {string} root
 */
async function install(root) {
  if (isInstalled(root)) return
  refuseUnwritable(root)
  const release = await takeLock({
    folder: join(root, '.shipyard'),
    name: 'install.lock',
    timeoutMs: INSTALL_TIMEOUT_MS,
    onWait: (pid) => say(`Process ${pid} is installing the packages; waiting for it.`),
  })
  try {
    if (isInstalled(root)) return
    say('Installing the packages that package-lock.json names (npm ci) …')
    await npmCi(root)
    if (!existsSync(pinnedNode(root))) {
      throw new Refusal(
        'npm installed the packages, but not the pinned Node: install scripts are switched off. ' +
          'Run `npm ci --ignore-scripts=false`, then this command again.',
      )
    }
  } finally {
    release()
  }
}

/** @param {string} root */
function refuseUnwritable(root) {
  for (const folder of [join(root, 'node_modules'), root]) {
    if (!existsSync(folder)) continue
    try {
      accessSync(folder, constants.W_OK)
    } catch {
      throw new Refusal(
        `Packages cannot be installed: this user may not write to ${folder}. Change its owner, or use a clone of your own.`,
      )
    }
  }
}

/** @param {string} root */
async function npmCi(root) {
  // The npm that started us, not another one that may come first on the PATH.
  const running = process.env.npm_execpath ?? ''
  const [file, ...first] = basename(running) === 'npm-cli.js' ? [process.execPath, running] : ['npm']
  // Warnings are left out: they are about the Node on the PATH, which runs nothing but this file.
  const child = spawn(file, [...first, 'ci', '--loglevel=error', '--no-audit', '--no-fund'], {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
    timeout: INSTALL_TIMEOUT_MS,
  })
  const stopForwarding = forwardSignals(child)
  /** @type {string} */
  const end = await new Promise((resolve) => {
    child.once('error', (error) => resolve(`npm could not be started (${error.message})`))
    child.once('exit', (code, signal) =>
      resolve(code === 0 ? '' : `npm ended with ${signal ?? `code ${code}`}`),
    )
  })
  stopForwarding()
  if (end) {
    throw new Refusal(
      `Installing the packages failed: ${end}. Its words stand above; once that is mended, run this again.`,
    )
  }
}

/**
 * Runs the command's program under the pinned Node and ends as it ends, with its exit code or its signal.
 * The program gets a process group of its own, so that it hears of a Ctrl-C from here alone, once; and a
 * channel that closes when this process dies, however it dies (see `follow-parent.mjs`).
 *
 * @param {string} root
 * @param {string} command
 * @param {string[]} args
 */
async function handOver(root, command, args) {
  const program = Object.hasOwn(PROGRAMS, command) ? PROGRAMS[command] : undefined
  if (!program) {
    throw new Refusal(`There is no command "${command}"; there are ${Object.keys(PROGRAMS).join(', ')}.`)
  }
  const follow = fileURLToPath(new URL('bootstrap/follow-parent.mjs', import.meta.url))
  const child = spawn(pinnedNode(root), ['--import', follow, join(root, program), ...args], {
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
    detached: true,
  })
  const stopForwarding = forwardSignals(child)
  /** @type {{ code: number | null, signal: NodeJS.Signals | null }} */
  const end = await new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', (code, signal) => resolve({ code, signal }))
  })
  if (end.signal === null) process.exit(end.code)
  stopForwarding()
  process.kill(process.pid, end.signal)
}

/**
 * @param {import('node:child_process').ChildProcess} child
 * @returns {() => void} stops forwarding
 */
function forwardSignals(child) {
  /** @type {('SIGINT' | 'SIGTERM' | 'SIGHUP')[]} */
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP']
  const undo = signals.map((signal) => {
    let last = Number.NEGATIVE_INFINITY
    const forward = () => {
      const now = performance.now()
      if (now - last > SAME_PRESS_MS) child.kill(signal)
      last = now
    }
    process.on(signal, forward)
    return () => process.off(signal, forward)
  })
  return () => undo.forEach((stop) => stop())
}

/** @param {string} line */
const say = (line) => process.stderr.write(`${line}\n`)

async function main() {
  const major = Number(process.versions.node.split('.')[0])
  if (major < 18) throw new Refusal(`Node 18 or later is needed to begin with; this is ${process.version}.`)
  const root = realpathSync(join(dirname(fileURLToPath(import.meta.url)), '../..'))
  const [command = '', ...args] = process.argv.slice(2)
  await install(root)
  await ensurePrismaClient({ root, node: pinnedNode(root), env: process.env })
  await handOver(root, command, args)
}

// `import.meta.main` does not exist in Node 18.
if (realpathSync(process.argv[1] ?? '.') === realpathSync(fileURLToPath(import.meta.url))) {
  main().catch((/** @type {Error} */ error) => {
    say(error instanceof Refusal ? error.message : String(error.stack))
    process.exit(1)
  })
}
