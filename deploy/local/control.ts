import type { Server } from 'node:http'
import type { ComponentState } from './supervisor.ts'

export interface ControlAnswer {
  readonly components: readonly ComponentState[]
}

/** Whether all parts are ready; false while the stack has only just been claimed and names none yet. */
export function isWhole(answer: ControlAnswer | undefined): boolean {
  const components = answer?.components ?? []
  return components.length > 0 && components.every((component) => component.phase === 'ready')
}

/** Asks a stack's control port, within two seconds. */
export async function askControl(port: number): Promise<ControlAnswer> {
  const answer = await fetch(`http://127.0.0.1:${port}`, { signal: AbortSignal.timeout(2_000) })
  return (await answer.json()) as ControlAnswer
}

/** Answers every request on the stack's control port (loopback) with its state. It holds no secret. */
export function serveControl(server: Server, answer: () => ControlAnswer): void {
  server.on('request', (_request, response) => {
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer()))
  })
}
