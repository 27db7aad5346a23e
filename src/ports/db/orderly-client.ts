import pg from 'pg'

/**
 * A client of pg that tells of each statement as it is sent, and sends one after another: within a transaction
 * Prisma loads sibling relations at the same time on one connection (prisma/prisma 29407), which pg 8 warns of and
 * pg 9 refuses.
 */
export function orderlyClient(hear: (text: string) => void): typeof pg.Client {
  return class OrderlyClient extends pg.Client {
    /** Settles when all that was sent by promise is answered; nobody else uses this connection meanwhile. */
    private last: Promise<void> = Promise.resolve()

    override query(...args: unknown[]): never {
      const [query] = args
      hear(typeof query === 'string' ? query : String((query as { text?: string }).text))
      const send = super.query.bind(this) as (...same: unknown[]) => Promise<unknown>
      // The pool's own way, with a callback: it has the connection to itself.
      if (typeof args.at(-1) === 'function') return send(...args) as never
      const run = this.last.then(async () => send(...args))
      this.last = run.then(noop, noop)
      return run as never
    }
  }
}

const noop = (): void => {}
