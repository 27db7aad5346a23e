import { Resolver } from 'node:dns/promises'
import { connect, isIP } from 'node:net'

/** Whether hosts answer, found out once for each, so that nobody waits twice for the same silence. */
export class Reach {
  readonly #env: NodeJS.ProcessEnv
  readonly #timeoutMs: number
  readonly #known = new Map<string, Promise<boolean>>()

  /** @param timeoutMs how long a host may take to answer. */
  constructor(env: NodeJS.ProcessEnv, timeoutMs: number) {
    this.#env = env
    this.#timeoutMs = timeoutMs
  }

  /** True also where it cannot be known: behind a proxy, which alone reaches the world, and for what is no host. */
  async isReachable(url: URL): Promise<boolean> {
    if (!/^https?:$/.test(url.protocol) || this.#hasProxy()) return true
    const known = this.#known.get(url.host) ?? this.#ask(url)
    this.#known.set(url.host, known)
    return await known
  }

  /** Remembers a host that connected and then failed. */
  forget(url: URL): void {
    this.#known.set(url.host, Promise.resolve(false))
  }

  #hasProxy(): boolean {
    return ['HTTPS_PROXY', 'https_proxy', 'HTTP_PROXY', 'http_proxy'].some((name) => this.#env[name])
  }

  async #ask({ hostname, port, protocol }: URL): Promise<boolean> {
    const host = hostname.replace(/^\[|\]$/g, '')
    if (!isIP(host) && (await this.#namesAreSilent(host))) return false
    return await this.#connects(host, Number(port) || (protocol === 'http:' ? 80 : 443))
  }

  /**
   * Whether the name server does not answer at all. The system's own search for a name cannot be cut short and would
   * keep one of the few threads that also read and write files.
   */
  async #namesAreSilent(host: string): Promise<boolean> {
    const resolver = new Resolver({ timeout: this.#timeoutMs, tries: 1 })
    try {
      await resolver.resolve4(host)
      return false
    } catch (error) {
      return (error as NodeJS.ErrnoException).code === 'ETIMEOUT'
    }
  }

  #connects(host: string, port: number): Promise<boolean> {
    return new Promise((resolve) => {
      const socket = connect({ host, port })
      const end = (answer: boolean): void => {
        clearTimeout(timer)
        socket.destroy()
        resolve(answer)
      }
      const timer = setTimeout(() => end(false), this.#timeoutMs)
      socket.once('connect', () => end(true)).once('error', () => end(false))
    })
  }
}
