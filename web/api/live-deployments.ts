/**
 * What changes in a team, as it changes. One tab of many holds the stream (lib/leader.ts) and passes on what it
 * hears; each writes it into its own cache, where the pages read it.
 */
import type { QueryClient } from '@tanstack/react-query'

import type { TeamId } from '../../src/contract/ids.ts'
import type { DeploymentChange } from '../../src/modules/deployments/schema.ts'
import { leadWhenAlone } from '../lib/leader.ts'
import { latestOfEach } from './deployments-cache.ts'
import { LiveCache } from './live-cache.ts'
import { setLiveState, type LiveState } from './live-state.ts'
import { subscribeToTeam } from './team-stream.ts'
import type { Client } from './trpc.ts'

/** Changes of so long are written at once: a page is painted once for all of them. */
const BATCH_MS = 50

/** What tabs tell each other. `hello`: somebody came late and asks how the stream is. */
type Message =
  | { kind: 'changes'; changes: DeploymentChange[] }
  | { kind: 'state'; state: LiveState }
  | { kind: 'hello' }

export interface FollowOptions {
  queryClient: QueryClient
  client: Client
  teamId: TeamId
}

class Follower {
  readonly #options: FollowOptions
  readonly #cache: LiveCache
  readonly #channel: BroadcastChannel
  readonly #stopping = new AbortController()
  #waiting: DeploymentChange[] = []
  #timer: ReturnType<typeof setTimeout> | undefined
  #state: LiveState = 'waiting'
  #isLeading = false

  constructor(options: FollowOptions) {
    const { queryClient, teamId } = options
    this.#options = options
    this.#cache = new LiveCache(queryClient, teamId)
    this.#channel = new BroadcastChannel(`shipyard.live.${teamId}`)
    this.#channel.addEventListener('message', ({ data }: MessageEvent<Message>) => this.#hear(data))
    leadWhenAlone(`shipyard.live.${teamId}`, () => this.#lead(), this.#stopping.signal)
    this.#tell({ kind: 'hello' })
  }

  stop(): void {
    this.#stopping.abort()
    this.#cache.close()
    this.#channel.close()
    clearTimeout(this.#timer)
    setLiveState('waiting')
  }

  #lead(): () => void {
    this.#isLeading = true
    const { client, queryClient, teamId } = this.#options
    return subscribeToTeam({
      client,
      teamId,
      onChange: (change) => this.#take([change]),
      onState: (state) => {
        this.#enter(state)
        this.#tell({ kind: 'state', state })
      },
      // Whether one is still signed in, a procedure says better than a stream that broke.
      onRefused: () => void queryClient.invalidateQueries({ queryKey: [['auth', 'me']] }),
    })
  }

  #hear(message: Message): void {
    if (message.kind === 'changes') this.#take(message.changes)
    else if (message.kind === 'state') this.#enter(message.state)
    else if (this.#isLeading) this.#tell({ kind: 'state', state: this.#state })
  }

  #enter(state: LiveState): void {
    if (this.#state === 'broken' && state === 'live') this.#cache.askAgain()
    this.#state = state
    setLiveState(state)
  }

  #take(changes: readonly DeploymentChange[]): void {
    this.#waiting.push(...changes)
    this.#timer ??= setTimeout(() => this.#flush(), BATCH_MS)
  }

  #flush(): void {
    this.#timer = undefined
    const changes = latestOfEach(this.#waiting)
    this.#waiting = []
    this.#cache.write(changes)
    if (this.#isLeading) this.#tell({ kind: 'changes', changes })
  }

  #tell(message: Message): void {
    // The rule means windows; a channel has no target.
    // oxlint-disable-next-line unicorn/require-post-message-target-origin
    this.#channel.postMessage(message)
  }
}

/** Follows a team until the function that it returns is called. */
export function followDeployments(options: FollowOptions): () => void {
  const follower = new Follower(options)
  return () => follower.stop()
}
