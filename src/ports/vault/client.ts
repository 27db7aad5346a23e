import nodeVault from 'node-vault'
import { isAnsweredBy, lifeOf, reasonOf } from './answers.ts'
import { keepRenewed } from './renewal.ts'
import { fixedToken, tokenFromFile, type TokenSource } from './token.ts'
import { vaultTransport } from './transport.ts'

export interface VaultSettings {
  /** `http(s)://host:port`, without a path. */
  readonly address: string
  readonly token: { readonly file: string } | { readonly value: string }
  /** The KV version 2 mount. */
  readonly mount: string
  /** For one call; 5 s unless told. */
  readonly timeoutMs?: number
  /** Told when the token cannot be renewed; the sentence holds no secret. */
  readonly onTrouble?: (sentence: string) => void
}

interface CallOptions {
  readonly headers: Record<string, string>
}

/** What we use of node-vault; it gives `any`. */
interface VaultApi {
  read(path: string, options?: CallOptions): Promise<unknown>
  write(path: string, data: object, options: CallOptions): Promise<unknown>
  list(path: string, options: CallOptions): Promise<unknown>
  delete(path: string, options: CallOptions): Promise<unknown>
  /** Its own `update` drops the headers that it is given. */
  request(call: CallOptions & { path: string; method: string; json: object }): Promise<unknown>
}

/** One call; the options hold the token. */
export type Send<T> = (api: VaultApi, options: CallOptions) => Promise<T>

export interface VaultClient {
  /** One call; tried again once when Vault refused the token and there is another one by now. */
  send<T>(call: Send<T>): Promise<T>
  /** Without a token; whatever it answers is an answer. */
  sendAnonymously<T>(call: Send<T>): Promise<T>
  close(): Promise<void>
}

/**
 * node-vault with what it leaves out: time-outs, a token that is renewed and may be replaced while we run, and
 * no word of a payload in any debug output.
 */
export function connect(settings: VaultSettings): VaultClient {
  const transport = vaultTransport({ timeoutMs: settings.timeoutMs ?? 5_000 })
  const api: VaultApi = nodeVault({
    endpoint: settings.address,
    // Its own would print every value that is written, to whoever sets DEBUG.
    debug: () => undefined,
    'request-promise': transport,
    noCustomHTTPVerbs: true,
  })
  // It takes these from the environment: a forgotten variable would send secrets elsewhere.
  Object.assign(api, { token: '', namespace: '', pathPrefix: '' })

  const { token: from } = settings
  const tokens: TokenSource =
    'file' in from ? tokenFromFile(from.file, () => renewal.restart()) : fixedToken(from.value)

  const send = async <T>(call: Send<T>): Promise<T> => {
    const used = await tokens.current()
    try {
      return await call(api, { headers: { 'X-Vault-Token': used } })
    } catch (error) {
      const token = isAnsweredBy(error, 403) ? await newerToken(tokens, used) : undefined
      if (token === undefined) throw error
      renewal.restart()
      return call(api, { headers: { 'X-Vault-Token': token } })
    }
  }
  const renewal = keepRenewed({
    lookUp: async () => send(async (_, options) => lifeOf(await api.read('auth/token/lookup-self', options))),
    renew: async () =>
      send(async (_, options) => lifeOf(await api.write('auth/token/renew-self', {}, options))),
    onFailure: (error) =>
      settings.onTrouble?.(`The token for Vault could not be renewed (${reasonOf(error)}); trying again.`),
  })

  return {
    send,
    sendAnonymously: async (call) => call(api, { headers: {} }),
    async close() {
      renewal.stop()
      tokens.close()
      await transport.close()
    },
  }
}

/** Another token than the refused one, if there is one by now; another call may have found it first. */
async function newerToken(tokens: TokenSource, refused: string): Promise<string | undefined> {
  try {
    await tokens.refresh()
    const token = await tokens.current()
    return token === refused ? undefined : token
  } catch {
    return undefined // a file that cannot be read now is no news: the refusal is what is wrong
  }
}
