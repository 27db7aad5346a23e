import type { ConfigFile } from '../../../src/contract/crd/service-parts.ts'
import type { Service } from '../../../src/contract/crd/service.ts'
import type { UserDeployment } from '../../../src/contract/crd/user-deployment.ts'
import type { Dns1123Label } from '../../../src/contract/names.ts'
import { configChild } from '../child-names.ts'
import type { Manifest } from '../manifest.ts'
import { metadataOf, type Rendering } from './rendering.ts'

export type ConfigMapManifest = Manifest & { immutable: true; data: Record<string, string> }

type ConfigFiles = ReturnType<typeof ConfigFile.parse>[]

/**
 * The config files of a service under a name of their content: another content is another object, so pods of the
 * old revision keep the old files until they are gone.
 */
export function configMapOf(rendering: Rendering, service: Service): ConfigMapManifest | null {
  const files = configFilesOf(service)
  if (files.length === 0) return null
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: metadataOf(rendering, configMapName(rendering.resource, service), { service }),
    immutable: true,
    data: Object.fromEntries(files.map(({ content }, at) => [fileKey(at), content])),
  }
}

/** Config files that no secret takes the place of. */
export function configFilesOf({ configFiles, secrets }: Service): ConfigFiles {
  const secret = new Set(secrets.flatMap(({ keys }) => keys.flatMap(({ file }) => file?.path ?? [])))
  return configFiles.filter(({ path }) => !secret.has(path))
}

export function configMapName(resource: UserDeployment, service: Service): Dns1123Label {
  const contents = configFilesOf(service).map(({ content }) => content)
  return configChild(resource, service.name, JSON.stringify(contents))
}

/** Paths have characters that a key may not have, so files are counted. */
export const fileKey = (at: number): string => `file-${at}`
