import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'
import type { KubeObject } from './cluster-api.ts'

/** Every manifest of a folder: the definitions that a release ships, one object a file. */
export function readManifests(folder: string): KubeObject[] {
  const files = readdirSync(folder).filter((file) => file.endsWith('.yaml'))
  return files.map((file) => parse(readFileSync(join(folder, file), 'utf8')) as KubeObject)
}
