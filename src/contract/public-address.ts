/**
 * Where deployed apps answer for people: the server shows these URLs and the operator writes them on the custom
 * resource, so both take them from here.
 */
import { z } from 'zod'

import type { HostName } from './names.ts'

/** Scheme and port of the ingress controller as browsers reach it. */
export interface PublicAddress {
  readonly scheme: 'http' | 'https'
  /** Absent when it is the scheme's own. */
  readonly port?: number
}

const port = z
  .string()
  .regex(/^\d{1,5}$/, 'must be a port, a number from 1 to 65535')
  .transform(Number)
  .refine((value) => value >= 1 && value <= 65_535, 'must be a port, a number from 1 to 65535')

/** The variables that say it. */
export const publicAddressVariables = {
  INGRESS_SCHEME: z.enum(['http', 'https'], { error: 'must be http or https' }).optional(),
  INGRESS_HTTP_PORT: port.optional(),
  INGRESS_HTTPS_PORT: port.optional(),
}

type Variables = z.output<z.ZodObject<typeof publicAddressVariables>>

/** A stack that names its HTTP port answers there without a certificate; all others answer by TLS. */
export function publicAddressOf(variables: Variables): PublicAddress {
  const { INGRESS_HTTP_PORT: http, INGRESS_HTTPS_PORT: https } = variables
  const scheme = variables.INGRESS_SCHEME ?? (http === undefined ? 'https' : 'http')
  const number = scheme === 'http' ? http : https
  const isUsual = number === undefined || number === (scheme === 'http' ? 80 : 443)
  return { scheme, ...(isUsual ? {} : { port: number }) }
}

/** `https://abc.apps.example.com`, without a slash at its end. */
export function publicUrl({ scheme, port: number }: PublicAddress, host: HostName): string {
  return `${scheme}://${host}${number === undefined ? '' : `:${number}`}`
}
