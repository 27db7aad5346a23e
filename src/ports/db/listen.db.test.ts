import { expect, it, vi } from 'vitest'

import { useTestDb } from '../../testing/db.ts'
import { listenOn } from './listen.ts'

const test = useTestDb()
const within = { timeout: 20_000, interval: 20 }
const plain = (text: string) => ({ name: `t-${text}`.slice(0, 60), text, params: [], json: [], columns: [] })
const notify = async (payload: string) => test.db.all(plain(`SELECT pg_notify('news', '${payload}')`), {})

function listener() {
  return {
    onNotice: vi.fn<(payload: string) => void>(),
    onConnected: vi.fn<() => void>(),
    onTrouble: vi.fn<(error: unknown) => void>(),
  }
}

it('hears what is told, and no longer when it is stopped', async () => {
  const heard = listener()
  const listening = test.db.listen('news', heard)
  await vi.waitFor(() => expect(listening.isConnected).toBe(true), within)
  await notify('one')
  await vi.waitFor(() => expect(heard.onNotice).toHaveBeenCalledWith('one'), within)
  await listening.stop()
  expect(listening.isConnected).toBe(false)
  await notify('two')
  expect(heard.onNotice).not.toHaveBeenCalledWith('two')
})

it('listens again when its connection is cut, and says so', async () => {
  const heard = listener()
  const listening = test.db.listen('news', heard)
  await vi.waitFor(() => expect(heard.onConnected).toHaveBeenCalledTimes(1), within)
  await test.db.all(
    plain(
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'shipyard-listener'",
    ),
    {},
  )
  await vi.waitFor(() => expect(heard.onConnected).toHaveBeenCalledTimes(2), within)
  expect(heard.onTrouble).toHaveBeenCalled()
  await notify('after')
  await vi.waitFor(() => expect(heard.onNotice).toHaveBeenCalledWith('after'), within)
  await listening.stop()
})

it('tries on while there is no database', async () => {
  const heard = listener()
  const listening = listenOn({ dsn: 'postgres://nobody@127.0.0.1:1/none', channel: 'news', ...heard })
  await vi.waitFor(() => expect(heard.onTrouble.mock.calls.length).toBeGreaterThan(1), within)
  expect(listening.isConnected).toBe(false)
  await listening.stop()
})
