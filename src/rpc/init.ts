/** The one instance of tRPC. Only procedures.ts and app-router.ts use it: a bare procedure has no permission. */
import { initTRPC } from '@trpc/server'

import type { Context } from './context.ts'
import { publicErrorOf } from './error-format.ts'
import type { Meta } from './meta.ts'

export const t = initTRPC
  .context<Context>()
  .meta<Meta>()
  .create({
    errorFormatter: ({ shape, error, ctx, path }) => {
      const data = publicErrorOf(error, { requestId: ctx?.requestId ?? '', path })
      return { code: shape.code, message: data.sentence, data }
    },
    sse: {
      ping: { enabled: true, intervalMs: 15_000 },
      client: { reconnectAfterInactivityMs: 40_000 },
    },
  })
