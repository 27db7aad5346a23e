/** How requests are taken in, as it stands in a form, and what is sent of it: pure. */
import { z } from 'zod'

import { IngressManner } from '../../src/contract/crd/ingress.ts'

/** By the same paths as the input of the procedures, so that errors find their fields. */
export interface IngressValues {
  /** An empty name is no certificate of one's own. */
  tls: { secretName: string }
  redirectToHttps: boolean
  responseHeaders: { name: string; value: string }[]
}

/** Any form with these fields in it. */
export interface WithIngress {
  ingress: IngressValues
}

export const NO_MANNER: IngressManner = { redirectToHttps: false, responseHeaders: [] }

export const valuesOf = ({ tls, redirectToHttps, responseHeaders }: IngressManner): IngressValues => ({
  tls: { secretName: tls?.secretName ?? '' },
  redirectToHttps,
  responseHeaders: responseHeaders.map(({ name, value }) => ({ name, value })),
})

/** As the procedures take it, before it is checked. */
export function mannerOf({
  tls,
  redirectToHttps,
  responseHeaders,
}: IngressValues): z.input<typeof IngressManner> {
  const secretName = tls.secretName.trim()
  return {
    ...(secretName === '' ? {} : { tls: { secretName } }),
    redirectToHttps,
    responseHeaders: responseHeaders.map(({ name, value }) => ({ name: name.trim(), value: value.trim() })),
  }
}

const Manner = z.object({ ingress: IngressManner })

/** A form of these fields alone: its output is what is sent. */
export const ingressForm: z.ZodType<{ ingress: IngressManner }, WithIngress> = z
  .custom<WithIngress>()
  .transform(({ ingress }, context) => {
    const { data, error } = Manner.safeParse({ ingress: mannerOf(ingress) })
    if (data) return data
    for (const { path, message } of error.issues) {
      context.addIssue({ code: 'custom', message, path: [...path], input: ingress })
    }
    return z.NEVER
  })
