/** How a registry wants to be asked: https://distribution.github.io/distribution/spec/auth/token/ */
export type Challenge =
  | { readonly scheme: 'basic' }
  | {
      readonly scheme: 'bearer'
      readonly realm: string
      readonly service?: string
      readonly scope?: string
    }

const PARAMETER = /([a-zA-Z_]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s",]+))/g

/** Reads a `WWW-Authenticate` header; undefined for what is neither Bearer with a realm nor Basic. */
export function parseChallenge(header: string | readonly string[] | undefined): Challenge | undefined {
  const texts = typeof header === 'string' ? [header] : (header ?? [])
  const found = texts.map((text) => parseOne(text.slice(0, 4096)))
  return found.find((challenge) => challenge?.scheme === 'bearer') ?? found.find(Boolean)
}

function parseOne(text: string): Challenge | undefined {
  const [, scheme = '', rest = ''] = /^\s*([a-zA-Z]+)(?:\s+(.*))?$/s.exec(text) ?? []
  if (scheme.toLowerCase() === 'basic') return { scheme: 'basic' }
  if (scheme.toLowerCase() !== 'bearer') return undefined
  const parameters = Object.fromEntries(
    [...rest.matchAll(PARAMETER)].map(([, key = '', quoted, plain]) => [
      key.toLowerCase(),
      (quoted ?? plain ?? '').replaceAll(/\\(.)/g, '$1'),
    ]),
  )
  const { realm, service, scope } = parameters
  if (realm === undefined) return undefined
  return {
    scheme: 'bearer',
    realm,
    ...(service === undefined ? {} : { service }),
    ...(scope === undefined ? {} : { scope }),
  }
}
