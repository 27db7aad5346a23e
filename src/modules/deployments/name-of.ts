import { hash } from 'node:crypto'

import type { DeploymentId } from '../../contract/ids.ts'
import { ResourceName } from '../../contract/names.ts'

const LETTERS = 'abcdefghijklmnopqrstuvwxyz'
const ALPHABET = `${LETTERS}234567`

/**
 * The generated name of a deployment: 49 bits of its id's SHA-256, so that it looks random, says nothing of the id,
 * and is the same in the preview, in every attempt and in the row. The database has the last word on its being
 * unique.
 */
export function nameOf(id: DeploymentId): ResourceName {
  const bytes = hash('sha256', id, 'buffer')
  const characters = Array.from({ length: 10 }, (_, index) => {
    const byte = bytes[index] ?? 0
    return index === 0 ? LETTERS.charAt(byte % 26) : ALPHABET.charAt(byte & 31)
  })
  return ResourceName.parse(characters.join(''))
}
