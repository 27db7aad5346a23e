import { expect, it, onTestFinished } from 'vitest'
import { serve, verdict, type Endpoints } from './health.ts'

async function started(endpoints: Endpoints): Promise<string> {
  const server = await serve({ host: '127.0.0.1', port: 0 }, endpoints)
  onTestFinished(async () => server.close())
  return `http://127.0.0.1:${server.port}`
}

async function ask(url: string, method = 'GET'): Promise<[number, string]> {
  const response = await fetch(url, { method, signal: AbortSignal.timeout(5_000) })
  return [response.status, await response.text()]
}

it('says that all is well, or what is not', async () => {
  let troubles: string[] = []
  const origin = await started({ '/readyz': () => verdict(troubles) })
  expect(await ask(`${origin}/readyz?verbose`)).toEqual([200, 'ok\n'])
  troubles = ['pods were not listed yet', 'leases too']
  expect(await ask(`${origin}/readyz`)).toEqual([503, 'pods were not listed yet\nleases too\n'])
})

it('knows only what it has, and only reads', async () => {
  const origin = await started({ '/healthz': () => verdict([]), '/readyz': () => verdict([]) })
  expect(await ask(`${origin}/`)).toEqual([404, 'There is /healthz, /readyz.\n'])
  expect(await ask(`${origin}/toString`)).toEqual([404, 'There is /healthz, /readyz.\n'])
  expect(await ask(`${origin}/healthz`, 'POST')).toEqual([405, 'Only GET.\n'])
  expect(await ask(`${origin}/healthz`, 'HEAD')).toEqual([200, ''])
})

it('answers when an endpoint fails', async () => {
  const broken = async (): Promise<never> => {
    throw new Error('broken')
  }
  expect(await ask(`${await started({ '/metrics': broken })}/metrics`)).toEqual([500, 'broken\n'])
})

it('says that a port is taken', async () => {
  const server = await serve({ host: '127.0.0.1', port: 0 }, {})
  onTestFinished(async () => server.close())
  await expect(serve({ host: '127.0.0.1', port: server.port }, {})).rejects.toThrow('EADDRINUSE')
})
