/** The built dashboard: files with a hash in their name for ever, the page itself asked for each time. */
import { existsSync } from 'node:fs'
import { join, sep } from 'node:path'
import fastifyStatic from '@fastify/static'
import type { FastifyInstance, FastifyRequest } from 'fastify'

import { AppError } from '../errors.ts'
import { sendError } from './errors.ts'

interface Options {
  readonly folder: string
  readonly isServed: boolean
}

/** Vite puts what it names by its content there. */
const HASHED = `${sep}assets${sep}`

export async function registerDashboard(app: FastifyInstance, { folder, isServed }: Options): Promise<void> {
  const isThere = isServed && existsSync(join(folder, 'index.html'))
  if (isThere) {
    await app.register(fastifyStatic, {
      root: folder,
      // `vite.config.ts` writes the compressed twins: nothing is compressed twice.
      preCompressed: true,
      cacheControl: false,
      setHeaders: (reply, path) => {
        const isForEver = path.includes(HASHED)
        reply.header('cache-control', isForEver ? 'public, max-age=31536000, immutable' : 'no-cache')
      },
    })
  }
  if (isServed && !isThere)
    app.log.warn('there is no built dashboard: `npm start` builds it, `npx vite build` does it alone')
  app.setNotFoundHandler((request, reply) => {
    if (isThere && wantsPage(request)) return reply.sendFile('index.html')
    return sendError(new AppError('NOT_FOUND', { what: 'page' }), request, reply)
  })
}

/** Addresses of the dashboard are its own affair: each begins with the same page. */
function wantsPage({ method, url, headers }: FastifyRequest): boolean {
  const isPage = (method === 'GET' || method === 'HEAD') && (headers.accept ?? '').includes('text/html')
  return isPage && !/^\/(api|trpc|assets|dev|oauth2)(\/|$)/.test(url)
}
