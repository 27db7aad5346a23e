import type { TeamId } from '../../src/contract/ids.ts'
import type { DeploymentChange } from '../../src/modules/deployments/schema.ts'
import type { LiveState } from './live-state.ts'
import type { Client } from './trpc.ts'

/** A stream that breaks for less than this is nobody's business. */
const PATIENCE_MS = 5_000
/** A stream that was refused is tried again after so long, and up to twice as long. */
const RETRY_MS = 4_000

export interface TeamStream {
  client: Client
  teamId: TeamId
  onChange: (change: DeploymentChange) => void
  onState: (state: LiveState) => void
  /** The server, or what stands before it, did not want the stream. */
  onRefused: () => void
}

/**
 * Subscribes to a team's deployments until the function that it returns is called. A connection that is cut the
 * library opens again; one that is refused it gives up, so it is tried anew here.
 */
export function subscribeToTeam({ client, teamId, onChange, onState, onRefused }: TeamStream): () => void {
  let subscription: { unsubscribe(): void } | undefined
  let retry: ReturnType<typeof setTimeout> | undefined
  let impatience: ReturnType<typeof setTimeout> | undefined

  const isConnected = (yes: boolean) => {
    if (!yes) {
      impatience ??= setTimeout(() => onState('broken'), PATIENCE_MS)
      return
    }
    clearTimeout(impatience)
    impatience = undefined
    onState('live')
  }

  const open = () => {
    subscription = client.deployments.onChange.subscribe(
      { teamId },
      {
        onData: ({ data }) => onChange(data),
        onConnectionStateChange: ({ state }) => isConnected(state === 'pending'),
        onError: () => {
          isConnected(false)
          onRefused()
          retry = setTimeout(open, RETRY_MS * (1 + Math.random()))
        },
      },
    )
  }

  open()
  return () => {
    clearTimeout(retry)
    clearTimeout(impatience)
    subscription?.unsubscribe()
  }
}
