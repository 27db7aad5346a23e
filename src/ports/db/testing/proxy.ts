import { connect, createServer, type AddressInfo, type Socket } from 'node:net'

export interface Proxy {
  /** The same database, through the proxy. */
  readonly dsn: string
  /** From now on nothing that PostgreSQL says arrives any more, and no connection breaks. */
  silence(): void
  /** The same as soon as a client says this word. */
  silenceAt(word: string): void
  /** How many clients have sent a statement that sleeps. */
  connections(): number
  /** Resets all connections. */
  breakAll(): void
  close(): Promise<void>
}

/** A wire between a client and PostgreSQL that can go dead without breaking, as a lost route does. */
export async function startProxy(dsn: string): Promise<Proxy> {
  const target = new URL(dsn)
  const sockets = new Set<Socket>()
  let isSilent = false
  let word: string | undefined
  const talking = new Set<Socket>()
  const server = createServer((client) => {
    const upstream = connect(Number(target.port), target.hostname)
    for (const socket of [client, upstream]) {
      sockets.add(socket)
      socket.on('error', () => socket.destroy())
    }
    client.on('data', (data) => {
      if (data.includes('sleep')) talking.add(client)
      if (word !== undefined && data.includes(word)) isSilent = true
      upstream.write(data)
    })
    upstream.on('data', (data) => {
      if (!isSilent) client.write(data)
    })
    client.on('close', () => {
      talking.delete(client)
      upstream.destroy()
    })
    upstream.on('close', () => {
      if (!isSilent) client.destroy()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    dsn: Object.assign(new URL(dsn), { hostname: '127.0.0.1', port: String(port) }).href,
    silence() {
      isSilent = true
    },
    silenceAt(said) {
      word = said
    },
    connections: () => talking.size,
    breakAll() {
      for (const client of talking) client.resetAndDestroy()
    },
    async close() {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
