import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { parseAllDocuments } from 'yaml'
import type { KubeObject } from './cluster-api.ts'

/** Every object in the manifests of a folder. */
export function readManifests(folder: string): KubeObject[] {
  const files = readdirSync(folder).filter((file) => file.endsWith('.yaml'))
  const documents = files.flatMap((file) => parseAllDocuments(readFileSync(join(folder, file), 'utf8')))
  return documents.flatMap((document) => (document.toJS() as KubeObject | null) ?? [])
}
