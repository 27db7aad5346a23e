/** A browser without pages: it keeps cookies, and goes where a test sends it. */
import { request } from 'undici'

export interface Visitor {
  /** Cookies by name. */
  readonly jar: Map<string, string>
  /** As if somebody followed a link from another site; where it leads is not followed. */
  visit(url: string): Promise<Response>
}

export function aVisitor(): Visitor {
  const jar = new Map<string, string>()
  return {
    jar,
    async visit(url) {
      const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ')
      // `fetch` would say of itself that it is no navigation.
      const { statusCode, headers, body } = await request(url, {
        headers: {
          accept: 'text/html',
          'sec-fetch-mode': 'navigate',
          'sec-fetch-site': 'cross-site',
          cookie,
        },
        signal: AbortSignal.timeout(20_000),
      })
      const all = Object.entries(headers).flatMap(([name, values = []]) =>
        [values].flat().map((value): [string, string] => [name, value]),
      )
      const response = new Response(await body.text(), { status: statusCode, headers: all })
      for (const set of response.headers.getSetCookie()) {
        const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(set) ?? []
        if (value === '') jar.delete(name)
        else jar.set(name, value)
      }
      return response
    },
  }
}
