import { resolve } from 'node:path'

/** The folder of the repository, absolute. */
export const root = resolve(import.meta.dirname, '../..')
