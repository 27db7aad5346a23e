/** Procedures over HTTP, at `/trpc/<name>`; subscriptions over server-sent events. */
import { fastifyTRPCPlugin, type FastifyTRPCPluginOptions } from '@trpc/server/adapters/fastify'
import type { FastifyInstance, FastifyReply } from 'fastify'

import type { Deps } from '../modules/deps.ts'
import type { SessionCookie } from '../ports/sessions/cookie.ts'
import { appRouter, type AppRouter } from '../rpc/app-router.ts'
import { contextOf } from '../rpc/context.ts'
import { appErrorOf, isOurFault } from '../rpc/error-format.ts'
import { finderOf, originOf } from './credentials.ts'
import { MAX_BATCH } from './limits.ts'

interface Options {
  readonly deps: Deps
  readonly cookie: SessionCookie
}

export async function registerTrpc(app: FastifyInstance, options: Options): Promise<void> {
  await app.register(async (scope) => {
    scope.addHook('onSend', async (_, reply, payload) => inOnePiece(reply, payload))
    await registerProcedures(scope, options)
  })
}

/**
 * tRPC answers with a `Response`, which Fastify would send as a stream, in two writes: what is there as a whole goes
 * out as a text with its length. Streams stay streams.
 */
async function inOnePiece(reply: FastifyReply, payload: unknown): Promise<unknown> {
  if (!(payload instanceof Response) || !isWhole(payload)) return payload
  reply.code(payload.status)
  for (const [name, value] of payload.headers) reply.header(name, value)
  return payload.text()
}

const isWhole = ({ body, headers }: Response): boolean =>
  body !== null && headers.get('content-type') === 'application/json' && !headers.has('transfer-encoding')

async function registerProcedures(app: FastifyInstance, { deps, cookie }: Options): Promise<void> {
  await app.register(fastifyTRPCPlugin, {
    prefix: '/trpc',
    trpcOptions: {
      router: appRouter,
      maxBatchSize: MAX_BATCH,
      createContext: ({ req, res }) => {
        const find = finderOf(req, { deps, cookieName: cookie.name })
        const renewSession = async (): Promise<void> => {
          const id = (await find())?.actor.session?.id
          const token = id && (await deps.sessions.renew(id))
          if (token) res.setCookie(cookie.name, token, cookie.attributes)
        }
        return contextOf({ deps, requestId: req.id, origin: originOf(req), renewSession }, find)
      },
      responseMeta: () => ({ headers: { 'cache-control': 'no-store' } }),
      onError: ({ error, path, req }) => {
        const known = appErrorOf(error)
        if (isOurFault(known.code))
          req.log.error({ err: error.cause ?? error, procedure: path }, 'a procedure failed')
        else
          req.log.info(
            { code: known.code, because: known.because, procedure: path },
            'a procedure was refused',
          )
      },
    },
  } satisfies FastifyTRPCPluginOptions<AppRouter>)
}
