/** The connections to Redis: one for commands, one that listens. */
import { createClient } from 'redis'

import { AppError } from '../../errors.ts'

export type RedisClient = ReturnType<typeof open>

export interface RedisConnection {
  /** @throws {AppError} SESSIONS_UNAVAILABLE when Redis cannot be reached or does not answer in time */
  run<T>(work: (client: RedisClient) => Promise<T>): Promise<T>
  /**
   * Hears what is published on a channel; and `lost`, when something may have been missed: after each connection.
   *
   * @returns how to stop
   */
  hear(channel: string, onMessage: (message: string) => void, onConnected: () => void): () => Promise<void>
  close(): Promise<void>
}

interface Options {
  /** `redis://` or `rediss://`, with user and password where they are needed. */
  readonly url: string
  readonly onTrouble: (error: unknown) => void
}

const CONNECT_MS = 5_000
const COMMAND_MS = 2_000
/** A connection on which nothing comes for so long is given up; pings make something come. */
const SILENCE_MS = 6_000
const PING_MS = 2_000
const LONGEST_PAUSE_MS = 2_000

/** Connects in the background, again and again: until it is there, commands are refused and nothing is queued. */
export function connectRedis({ url, onTrouble }: Options): RedisConnection {
  const commands = open({ url, onTrouble })
  commands.connect().catch(onTrouble)
  return {
    async run(work) {
      try {
        return await inTime(work(commands))
      } catch (cause) {
        throw new AppError('SESSIONS_UNAVAILABLE', {}, { because: (cause as Error).message, cause })
      }
    },
    hear(channel, onMessage, onConnected) {
      const listener = open({ url, onTrouble })
      listener.on('ready', onConnected)
      // What is subscribed to is subscribed to again after each break.
      listener
        .connect()
        .then(async () => listener.subscribe(channel, onMessage))
        .then(onConnected)
        .catch(onTrouble)
      return async () => end(listener)
    },
    close: async () => end(commands),
  }
}

function open({ url, onTrouble }: Options) {
  const client = createClient({
    url,
    disableOfflineQueue: true,
    pingInterval: PING_MS,
    socket: {
      connectTimeout: CONNECT_MS,
      socketTimeout: SILENCE_MS,
      reconnectStrategy: (attempts) => Math.min(50 * 2 ** Math.min(attempts, 10), LONGEST_PAUSE_MS),
    },
  })
  client.on('error', onTrouble)
  return client
}

async function end(client: RedisClient): Promise<void> {
  if (client.isReady) await inTime(client.close()).catch(() => client.destroy())
  else if (client.isOpen) client.destroy()
}

async function inTime<T>(answer: Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('Redis does not answer in time')), COMMAND_MS)
  })
  return Promise.race([answer, late]).finally(() => clearTimeout(timer))
}
