// @ts-check
/** A lock between processes that outlives nobody: the lock of a dead process is taken over. */
import { mkdirSync, readdirSync, readlinkSync, rmSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'

import { Refusal } from './refusal.mjs'

const POLL_MS = 200

/**
 * Waits until this process holds the lock. A lock is a symbolic link `<name>.<number>` whose target is the
 * holder's process id: making one is atomic, content included. The highest number counts; when its holder is
 * dead the next number is up for grabs, so of two that notice the death at once only one wins. Whoever has made a
 * link looks again, upwards and downwards: of two that look after both have made theirs, at least one gives way.
 *
 * @param {{ folder: string, name: string, onWait?: (pid: number) => void, timeoutMs: number }} lock
 * @returns {Promise<() => void>} gives the lock back
 */
export async function takeLock({ folder, name, onWait, timeoutMs }) {
  mkdirSync(folder, { recursive: true })
  const deadline = performance.now() + timeoutMs
  let told = false
  for (;;) {
    const attempt = tryLock(folder, name)
    if (attempt.release) return attempt.release
    if (attempt.holder) {
      if (!told) onWait?.(attempt.holder)
      told = true
      if (performance.now() > deadline) {
        throw new Refusal(
          `Process ${attempt.holder} has held ${join(folder, name)}.* for ${Math.round(timeoutMs / 60_000)} minutes. ` +
            'If that is not what it should be doing, delete the file and try again.',
        )
      }
    }
    await new Promise((resolve) => setTimeout(resolve, POLL_MS * (0.5 + Math.random())))
  }
}

/**
 * @param {string} folder
 * @param {string} name
 * @returns {{ release?: () => void, holder?: number }}
 */
function tryLock(folder, name) {
  const highest = () =>
    Math.max(
      0,
      ...readdirSync(folder).flatMap((entry) => {
        const number = entry.startsWith(`${name}.`) ? Number(entry.slice(name.length + 1)) : Number.NaN
        return Number.isInteger(number) ? [number] : []
      }),
    )
  const pathOf = (/** @type {number} */ number) => join(folder, `${name}.${number}`)

  const top = highest()
  const holder = top > 0 ? holderOf(pathOf(top)) : 0
  if (isAlive(holder)) return { holder }

  const mine = top + 1
  try {
    symlinkSync(String(process.pid), pathOf(mine))
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return {}
    throw error
  }
  // What was below may have been given back and taken anew since it was looked at: then its holder lives.
  const below = Array.from({ length: top }, (_, index) => holderOf(pathOf(index + 1))).find(isAlive)
  if (highest() !== mine || below !== undefined) {
    rmSync(pathOf(mine), { force: true })
    return below === undefined ? {} : { holder: below }
  }
  const release = () => {
    for (let number = 1; number <= mine; number += 1) rmSync(pathOf(number), { force: true })
  }
  return { release }
}

/** @param {string} path */
function holderOf(path) {
  try {
    return Number(readlinkSync(path))
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return 0
    throw error
  }
}

/** @param {number} pid */
function isAlive(pid) {
  if (pid <= 0) return false
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return codeOf(error) === 'EPERM'
  }
}

/**
 * @param {unknown} error
 * @returns {string | undefined}
 */
const codeOf = (error) => /** @type {NodeJS.ErrnoException} */ (error).code
