/** Requests that carry the session's cookie must come from our own pages: the browser would send it with any other. */
import type { FastifyInstance } from 'fastify'

import { fail } from '../errors.ts'
import { isFromOurPages, ownOriginsOf } from '../ports/sessions/origin.ts'

interface Options {
  readonly baseUrl: string
  readonly cookieName: string
}

/** Links may lead here from anywhere: they change nothing, or (signing in, in development) nobody else's session. */
export function checkOrigin(app: FastifyInstance, { baseUrl, cookieName }: Options): void {
  const own = ownOriginsOf(baseUrl)
  app.addHook('onRequest', async (request) => {
    const showsCookie =
      request.cookies[cookieName] !== undefined && request.headers.authorization === undefined
    if (!showsCookie && isSafe(request.method)) return
    const isUpgrade = request.headers.upgrade !== undefined
    const source = { method: request.method, headers: request.headers, isUpgrade }
    // A program with a key is no browser, and names no origin.
    if (
      !showsCookie &&
      request.headers.origin === undefined &&
      request.headers['sec-fetch-site'] === undefined
    )
      return
    if (!isFromOurPages(source, own)) fail('ORIGIN_REFUSED', {})
  })
}

const isSafe = (method: string): boolean => method === 'GET' || method === 'HEAD' || method === 'OPTIONS'
