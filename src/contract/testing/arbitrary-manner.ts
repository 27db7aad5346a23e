import fc from 'fast-check'
import type { z } from 'zod'

import type { IngressManner } from '../crd/ingress.ts'

/** How requests are taken in, with what has a default missing now and then. */
export const arbitraryManner: fc.Arbitrary<z.input<typeof IngressManner>> = fc.record(
  {
    tls: fc.constant({ secretName: 'shop-tls' }),
    redirectToHttps: fc.boolean(),
    responseHeaders: fc.uniqueArray(
      fc.record({
        name: fc.constantFrom('X-Frame-Options', 'Strict-Transport-Security', 'Server'),
        value: fc.constantFrom('DENY', 'max-age=31536000; includeSubDomains', ''),
      }),
      { selector: ({ name }) => name, maxLength: 3 },
    ),
  },
  { requiredKeys: [] },
)
