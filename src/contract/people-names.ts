/** What people call organisations and teams, and the part of an address that stands for an organisation. */
import { z } from 'zod'

import { branded, type Branded } from './branded.ts'
import { randomBase32 } from './ids.ts'
import { characters } from './text.ts'

export const NAME_MAX = 60

/** What cannot be seen: control and format characters (also those that turn the direction), halves of characters. */
const UNSEEN = /[\p{C}\p{Zl}\p{Zp}]/u

/**
 * A name for people, in any alphabet: composed alike, without spaces at its ends or twice in a row, so that two names
 * that look the same are the same.
 */
function nameOf(what: string): z.ZodType<string, string> {
  const says = `The name of ${what} has 1 to ${NAME_MAX} characters, and none that cannot be seen.`
  return z
    .string({ error: says })
    .overwrite((value) => value.normalize('NFC').trim().replaceAll(/ +/g, ' '))
    .refine((value) => value !== '' && characters(value) <= NAME_MAX && !UNSEEN.test(value), { error: says })
}

export const OrgName: z.ZodType<string, string> = nameOf('an organisation')
export const TeamName: z.ZodType<string, string> = nameOf('a team')

/** Names an organisation in addresses. Of one alphabet, so that no two can look alike. */
export type OrgSlug = Branded<'org_slug'>
export const OrgSlug: z.ZodType<OrgSlug, string> = branded({
  pattern: /^[a-z](?:-?[a-z0-9])+$/,
  max: 40,
  says: 'A slug has 2 to 40 letters from a to z, digits and single hyphens, begins with a letter and ends with a letter or digit. Capitals and letters of other alphabets, also those that only look like these, are not taken.',
})

/** Readable where the name has such letters, and unique by chance. */
export function slugFor(name: string): OrgSlug {
  const words = name
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll(/\p{M}/gu, '')
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^[^a-z]+/g, '')
    .slice(0, 30)
    .replace(/-$/, '')
  return `${words || 'org'}-${randomBase32(6)}` as OrgSlug
}
