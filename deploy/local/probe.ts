import { connect, type NetConnectOpts } from 'node:net'
import { Agent, request } from 'undici'

/** How long one look at a part may take. */
const timeoutMs = 2_000

/** Health on loopback may stand behind a certificate that the program signs for itself at each start. */
const selfSigned = new Agent({ connect: { rejectUnauthorized: false, timeout: timeoutMs } })

/**
 * Rejects unless a GET is answered with one of the statuses.
 * @param url of this machine
 */
export async function assertAnswers(url: string, statuses: readonly number[] = [200]): Promise<void> {
  const dispatcher = url.startsWith('https:') ? { dispatcher: selfSigned } : {}
  const answer = await request(url, { ...dispatcher, headersTimeout: timeoutMs, bodyTimeout: timeoutMs })
  const text = await answer.body.text()
  if (!statuses.includes(answer.statusCode))
    throw new Error(`it answers ${answer.statusCode}: ${text.slice(0, 200)}`)
}

/** Rejects unless something accepts a connection: `{ port }` of loopback, or `{ path }` of a socket. */
export async function assertAccepts(where: { port: number } | { path: string }): Promise<void> {
  const options: NetConnectOpts = 'port' in where ? { host: '127.0.0.1', ...where } : where
  await new Promise<void>((resolve, reject) => {
    const socket = connect({ ...options, timeout: timeoutMs })
    const settle = (error?: Error): void => {
      socket.destroy()
      if (error) reject(error)
      else resolve()
    }
    socket.once('connect', () => settle())
    socket.once('error', settle)
    socket.once('timeout', () => settle(new Error('it does not answer')))
  })
}

/** Whether something listens on a port of loopback. */
export async function accepts(port: number): Promise<boolean> {
  return assertAccepts({ port }).then(
    () => true,
    () => false,
  )
}
