// @ts-check
/**
 * The database client in prisma/dist is generated from prisma/schema.prisma and not checked in (1.9 MB). It is
 * made here, before any program runs, whenever the schema or the generator differ from those it was made from.
 */
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

import { takeLock } from './lock.mjs'
import { Refusal } from './refusal.mjs'

const TIMEOUT_MS = 2 * 60_000

/** @param {string} root */
const stampOf = (root) => join(root, 'prisma/dist/.made-from')

/**
 * What the client would be made from now; empty where there is nothing to make it from (a part of the repository,
 * or an installation without development packages, which brings the client along).
 *
 * @param {string} root
 */
function inputs(root) {
  const files = ['prisma/schema.prisma', 'node_modules/prisma/package.json'].map((path) => join(root, path))
  if (!files.every((file) => existsSync(file))) return ''
  const hash = createHash('sha256')
  for (const file of files) hash.update(readFileSync(file))
  return hash.digest('hex')
}

/** @param {string} root */
function isFresh(root) {
  const wanted = inputs(root)
  if (wanted === '') return true
  return existsSync(stampOf(root)) && readFileSync(stampOf(root), 'utf8') === wanted
}

/**
 * @param {object} options
 * @param {string} options.root
 * @param {string} options.node the pinned Node
 * @param {NodeJS.ProcessEnv} options.env
 */
export async function ensurePrismaClient({ root, node, env }) {
  if (isFresh(root)) return
  const release = await takeLock({
    folder: join(root, '.shipyard'),
    name: 'prisma.lock',
    timeoutMs: TIMEOUT_MS,
  })
  try {
    if (isFresh(root)) return
    const madeFrom = inputs(root)
    await generate({ root, node, env })
    writeFileSync(stampOf(root), madeFrom)
  } finally {
    release()
  }
}

/** @param {{ root: string, node: string, env: NodeJS.ProcessEnv }} options */
async function generate({ root, node, env }) {
  const child = spawn(node, [join(root, 'node_modules/prisma/build/index.js'), 'generate'], {
    cwd: root,
    // Generating needs no schema engine, but looks for one and would download it: any program that exists will do.
    env: {
      ...env,
      PRISMA_SCHEMA_ENGINE_BINARY: node,
      CHECKPOINT_DISABLE: '1',
      PRISMA_HIDE_UPDATE_MESSAGE: '1',
    },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: TIMEOUT_MS,
  })
  let said = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (data) => (said += String(data)))
  /** @type {number | null} */
  const code = await new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', resolve)
  })
  if (code !== 0) {
    throw new Refusal(
      `The database client could not be generated from prisma/schema.prisma; Prisma said:\n${said.trim()}`,
    )
  }
}
