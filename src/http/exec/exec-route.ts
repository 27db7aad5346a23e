/**
 * `GET /api/deployments/:id/exec`: a terminal in a container, as a WebSocket, behind the same `authorize()`. All that
 * can be refused before is refused as an HTTP answer; asked without an upgrade, it says the same reasons, which browsers
 * do not show of a handshake.
 */
import websocket from '@fastify/websocket'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { z } from 'zod'

import { ExecQuery } from '../../contract/exec.ts'
import { DeploymentId } from '../../contract/ids.ts'
import { fail } from '../../errors.ts'
import type { Actor } from '../../modules/access/actor.ts'
import { authorize } from '../../modules/access/authorize.ts'
import { keepChecking, type Guard } from '../../modules/access/keep-checking.ts'
import type { Deps } from '../../modules/deps.ts'
import { findExecPlace, openExec, type ExecPlace } from '../../modules/exec/open-exec.ts'
import { finderOf, originOf } from '../credentials.ts'
import { MAX_MESSAGE_BYTES, Terminal } from './terminal.ts'
import { createTerminals, type Terminals } from './terminals.ts'

interface Options {
  readonly deps: Deps
  readonly cookieName: string
}

/** What the handshake found out. */
interface Prepared {
  readonly actor: Actor
  readonly guard: Guard
  readonly place: ExecPlace
  readonly query: ExecQuery
}

/** Before any route: an upgrade at an address that knows none is closed there. */
export async function registerWebSockets(app: FastifyInstance, { deps }: Options): Promise<Terminals> {
  const terminals = createTerminals(deps.settings.terminals)
  await app.register(websocket, {
    options: { maxPayload: MAX_MESSAGE_BYTES, perMessageDeflate: false },
    errorHandler: (error, socket, request) => {
      request.log.info({ err: error }, 'a WebSocket broke')
      socket.terminate()
    },
    async preClose() {
      await terminals.drain()
      for (const client of app.websocketServer.clients) client.terminate()
      app.websocketServer.close()
    },
  })
  return terminals
}

export function registerExecRoute(app: FastifyInstance, options: Options, terminals: Terminals): void {
  const prepared = new WeakMap<FastifyRequest, Prepared>()
  app.route({
    method: 'GET',
    url: '/api/deployments/:id/exec',
    preValidation: async (request) => void prepared.set(request, await prepare(request, options, terminals)),
    handler: async () => fail('METHOD_NOT_SUPPORTED', {}, { because: 'it was asked without an upgrade' }),
    wsHandler(socket, request) {
      const found = prepared.get(request)
      if (!found) return socket.terminate()
      const { deps } = options
      const { clock, settings } = deps
      const terminal = new Terminal({ socket, clock, limits: settings.terminals, requestId: request.id })
      const serving = serve(terminal, { ...found, request, deps, terminals })
      serving.catch((error: unknown) => request.log.error({ err: error }, 'a terminal failed'))
    },
  })
}

/** @throws {AppError} whatever keeps this caller from a terminal there */
async function prepare(
  request: FastifyRequest,
  { deps, cookieName }: Options,
  terminals: Terminals,
): Promise<Prepared> {
  const { id } = z.object({ id: DeploymentId }).parse(request.params)
  const find = finderOf(request, { deps, cookieName })
  const check = async () => {
    const found = await find(id)
    const actor = authorize({
      actor: found?.actor,
      scope: found?.scope,
      action: 'exec:open',
      what: 'deployment',
    })
    if (!found?.scope) return fail('NOT_FOUND', { what: 'deployment' })
    return { actor, whom: { userId: actor.userId, orgId: found.scope.orgId } }
  }
  const { actor, whom } = await check()
  const query = ExecQuery.parse(request.query)
  const place = await findExecPlace(deps, id, query)
  terminals.assertRoom(whom.userId)
  return { actor, guard: { whom, recheck: async () => void (await check()) }, place, query }
}

interface Serving extends Prepared {
  readonly request: FastifyRequest
  readonly deps: Deps
  readonly terminals: Terminals
}

async function serve(terminal: Terminal, serving: Serving): Promise<void> {
  const { actor, guard, place, query, request, deps, terminals } = serving
  const { rights, clock } = deps
  const onTrouble = (error: unknown): void =>
    request.log.warn({ err: error }, 'a right could not be asked for')
  const remove = terminals.add(guard.whom.userId, terminal)
  const unwatch = keepChecking({ ...guard, rights, onTrouble, onRefused: (error) => terminal.end(error) })
  const startedMs = clock.monotonicMs()
  try {
    const by = { actor, requestId: request.id, origin: originOf(request) }
    const { service, pod, container } = place
    const end = await terminal.run(async (signal) => openExec(deps, by, { place, size: query, signal }), {
      service,
      pod,
      container,
    })
    const seconds = Math.round((clock.monotonicMs() - startedMs) / 1000)
    const { exitCode, error } = end
    request.log.info(
      { pod, seconds, exitCode, code: error?.code, because: error?.because },
      'a terminal ended',
    )
  } finally {
    unwatch()
    remove()
  }
}
