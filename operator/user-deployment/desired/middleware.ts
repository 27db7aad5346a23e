import { middlewareChild } from '../child-names.ts'
import { defined, type Manifest } from '../manifest.ts'
import { hostsOf } from './hosts.ts'
import { metadataOf, type Rendering } from './rendering.ts'

/** https://doc.traefik.io/traefik/middlewares/http/overview/ */
interface MiddlewareSpec {
  redirectScheme?: { scheme: 'https'; permanent: true; port?: string }
  headers?: { customResponseHeaders: Record<string, string> }
}

export type MiddlewareManifest = Manifest & { spec: MiddlewareSpec }

/** What Traefik does with requests on their way, in this order. None for a deployment that does not answer outside. */
export function middlewaresOf(rendering: Rendering): MiddlewareManifest[] {
  const { resource, settings } = rendering
  const { ingress } = resource.spec
  if (!ingress || hostsOf(rendering).length === 0) return []
  const { httpsPort } = settings
  const redirectScheme = defined({
    scheme: 'https' as const,
    permanent: true as const,
    port: httpsPort === undefined ? undefined : String(httpsPort),
  }) as NonNullable<MiddlewareSpec['redirectScheme']>
  const customResponseHeaders = Object.fromEntries(
    ingress.responseHeaders.map(({ name, value }) => [name, value]),
  )
  return [
    ...(ingress.redirectToHttps ? [middleware(rendering, 'redirect', { redirectScheme })] : []),
    ...(ingress.responseHeaders.length > 0
      ? [middleware(rendering, 'headers', { headers: { customResponseHeaders } })]
      : []),
  ]
}

function middleware(
  rendering: Rendering,
  what: 'redirect' | 'headers',
  spec: MiddlewareSpec,
): MiddlewareManifest {
  return {
    apiVersion: 'traefik.io/v1alpha1',
    kind: 'Middleware',
    metadata: metadataOf(rendering, middlewareChild(rendering.resource, what)),
    spec,
  }
}
