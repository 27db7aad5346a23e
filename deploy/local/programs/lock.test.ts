import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

import { expect, it } from 'vitest'

import { withLock } from './lock.ts'
import { tempFolder } from './testing/temp-folder.ts'

it('lets one in at a time, and leaves nothing behind', async () => {
  const folder = await tempFolder()
  const path = join(folder, 'locks', 'a.lock')
  let inside = 0
  let most = 0
  const enter = (): Promise<void> =>
    withLock(path, {}, async () => {
      inside += 1
      most = Math.max(most, inside)
      await sleep(20)
      inside -= 1
    })
  await Promise.all([enter(), enter(), enter()])
  expect(most).toBe(1)
  expect(await readdir(join(folder, 'locks'))).toEqual([])
})

it('gives the lock back when the task fails', async () => {
  const path = join(await tempFolder(), 'a.lock')
  await expect(withLock(path, {}, () => Promise.reject(new Error('task failed')))).rejects.toThrow(
    'task failed',
  )
  expect(await withLock(path, {}, () => Promise.resolve('in'))).toBe('in')
})

it('takes over from a holder that no longer runs', async () => {
  const path = join(await tempFolder(), 'a.lock')
  const child = spawn(process.execPath, ['-e', ''])
  await once(child, 'exit')
  await writeFile(path, JSON.stringify({ pid: child.pid, started: '1' }))
  expect(await withLock(path, {}, () => Promise.resolve('in'))).toBe('in')
})

it('takes over where the pid now belongs to a later process', async () => {
  const path = join(await tempFolder(), 'a.lock')
  await writeFile(path, JSON.stringify({ pid: process.pid, started: '1' }))
  expect(await withLock(path, {}, () => Promise.resolve('in'))).toBe('in')
})

it('takes over a lock that cannot be read', async () => {
  const path = join(await tempFolder(), 'a.lock')
  await writeFile(path, 'half a l')
  expect(await withLock(path, {}, () => Promise.resolve('in'))).toBe('in')
})

it('waits for a holder that runs, says so once, and gives up when told to', async () => {
  const path = join(await tempFolder(), 'a.lock')
  const child = spawn(process.execPath, ['-e', 'setTimeout(() => {}, 60_000)'])
  try {
    await writeFile(path, JSON.stringify({ pid: child.pid, started: null }))
    let said = 0
    const stop = new AbortController()
    const waiting = withLock(path, { signal: stop.signal, onWait: () => (said += 1) }, () =>
      Promise.resolve('in'),
    )
    await sleep(400)
    expect(said).toBe(1)
    stop.abort(new Error('enough'))
    await expect(waiting).rejects.toThrow(/abort/)
    expect(JSON.parse(await readFile(path, 'utf8'))).toMatchObject({ pid: child.pid })
  } finally {
    child.kill('SIGKILL')
  }
})
