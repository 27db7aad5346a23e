/** Ranges of addresses: `203.0.113.0/24`, `2001:db8::/32`. */
import type { z } from 'zod'

import { branded, type Branded } from './branded.ts'

const OCTET = '(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])'
const IPV4 = `${OCTET}(?:\\.${OCTET}){3}/(?:3[0-2]|[12]?[0-9])`

/** RFC 4291 without embedded IPv4: eight groups, or fewer around one `::`. */
const GROUP = '[0-9a-fA-F]{1,4}'
const IPV6_FORMS = [
  `(?:${GROUP}:){7}${GROUP}`,
  `(?:${GROUP}:){1,7}:`,
  ...[1, 2, 3, 4, 5, 6].map((after) => `(?:${GROUP}:){1,${7 - after}}(?::${GROUP}){${after}}`),
  `:(?::${GROUP}){1,7}`,
  '::',
]
const IPV6 = `(?:${IPV6_FORMS.join('|')})/(?:12[0-8]|1[01][0-9]|[1-9]?[0-9])`

export type Cidr = Branded<'cidr'>
export const Cidr: z.ZodType<Cidr, string> = branded({
  pattern: new RegExp(`^(?:${IPV4}|${IPV6})$`),
  max: 49,
  says: 'A range of addresses is written like 203.0.113.0/24 or 2001:db8::/32.',
})
