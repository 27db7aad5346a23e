import { existsSync } from 'node:fs'
import { join } from 'node:path'

import { root } from '../root.ts'

/** The top-level folders that hold sources. */
const ROOMS = ['src', 'operator', 'web', 'prisma', 'e2e', 'deploy']

const roomsIn = (folder: string): string[] => ROOMS.filter((room) => existsSync(join(folder, room)))

/**
 * What Node is to be started with to hold a folder against `.dependency-cruiser.cjs`.
 *
 * @param folder what to look at; it must be the working directory of the process
 * @param output how dependency-cruiser writes down what it found
 */
export function wallsArguments(folder: string, output: 'err-long' | 'json'): string[] {
  return [
    '--import',
    join(root, 'deploy/dev/check/typescript-6.ts'),
    join(root, 'node_modules/dependency-cruiser/bin/dependency-cruiser.mjs'),
    ...['--config', join(root, '.dependency-cruiser.cjs'), '--output-type', output],
    ...roomsIn(folder),
  ]
}
