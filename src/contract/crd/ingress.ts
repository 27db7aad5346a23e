/** The way into a deployment from outside. */
import { z } from 'zod'

import { Dns1123Label, HostName } from '../names.ts'
import { text, wholeNumber } from '../text.ts'
import { listByKey, setOf } from './rule.ts'
import { Service } from './service.ts'

const HEADER_SAYS = 'The name of a header has 1 to 64 letters, digits and hyphens, such as X-Frame-Options.'
const VALUE_SAYS = 'The value of a header is one line of at most 1024 letters, digits and signs of ASCII.'

/** RFC 9110 allows more; these are the names that are in use. */
const ResponseHeader = z.object({
  name: z
    .string({ error: HEADER_SAYS })
    .max(64, HEADER_SAYS)
    .regex(/^[A-Za-z][A-Za-z0-9-]*$/, HEADER_SAYS)
    .describe('Name of the header, such as X-Frame-Options.'),
  value: text({ max: 1024, says: VALUE_SAYS })
    .refine((value) => /^[\x20-\x7e]*$/.test(value), { error: VALUE_SAYS })
    .meta({ pattern: String.raw`^[\x20-\x7e]*$` })
    .describe('Its value; one that is empty takes the header away.'),
})

const Tls = z
  .object({
    secretName: Dns1123Label.describe(
      'Secret of the type kubernetes.io/tls in the namespace, which somebody else keeps valid.',
    ),
  })
  .describe('A certificate of its own for the host names, instead of one that is asked for.')

/** How requests are taken in, whoever answers them. */
export const IngressManner = z.object({
  tls: Tls.optional(),
  redirectToHttps: z
    .boolean({ error: 'Whether requests are led to HTTPS is true or false.' })
    .default(false)
    .describe('Whether requests without TLS are led to the same address with it.'),
  responseHeaders: listByKey(ResponseHeader, {
    keys: ['name'],
    max: 32,
    says: 'Each header may be listed once: remove the second.',
  })
    .default([])
    .describe('Headers that are set on every answer.'),
})
export type IngressManner = z.output<typeof IngressManner>

export const Ingress = z
  .object({
    service: Service.shape.name.describe('Service that answers.'),
    port: wholeNumber('Port', 1, 65_535).describe('Its TCP port that speaks HTTP.'),
    hosts: setOf(HostName, { max: 20, says: 'Each host name may be listed once: remove the second.' })
      .default([])
      .describe('Chosen host names, besides the generated one.'),
    ...IngressManner.shape,
  })
  .describe('Which service answers requests from outside.')

/** The same before it has host names: of a template, or of a revision, whose host names belong to the row. */
export const IngressWithoutHosts = Ingress.omit({ hosts: true })
