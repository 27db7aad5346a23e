/** Files and folders of a container: where each comes from, and where it is mounted. */
import type { V1Volume, V1VolumeMount } from '@kubernetes/client-node'

import type { Service } from '../../../src/contract/crd/service.ts'
import type { UserDeployment } from '../../../src/contract/crd/user-deployment.ts'
import { volumeChild } from '../child-names.ts'
import { configFilesOf, configMapName, fileKey } from './config-map.ts'
import { secretsOf } from './secrets.ts'

/** One volume of a pod, and what of it stands where. */
interface Source {
  volume: V1Volume
  mounts: V1VolumeMount[]
}

export interface Files {
  volumes: V1Volume[]
  mounts: V1VolumeMount[]
}

/**
 * Files are mounted one by one (`subPath`), so that the rest of their folders stays visible. Such mounts do not follow
 * changes, which does not matter: what they come from never changes under its name.
 */
export function filesOf(resource: UserDeployment, service: Service): Files {
  const sources = [
    ...configSource(resource, service),
    ...secretSources(resource, service),
    ...claimSources(resource, service),
  ]
  return {
    volumes: sources.map(({ volume }) => volume),
    mounts: sources.flatMap(({ mounts }) => mounts),
  }
}

function configSource(resource: UserDeployment, service: Service): Source[] {
  const files = configFilesOf(service)
  if (files.length === 0) return []
  const items = files.map(({ mode }, at) => ({ key: fileKey(at), path: fileKey(at), mode }))
  return [
    {
      volume: { name: 'config', configMap: { name: configMapName(resource, service), items } },
      mounts: files.map(({ path }, at) => fileMount('config', path, at)),
    },
  ]
}

function secretSources(resource: UserDeployment, service: Service): Source[] {
  const withFiles = secretsOf(resource, service).filter(({ files }) => files.length > 0)
  return withFiles.map(({ name, files }, number) => {
    const items = files.map(({ key, mode }, at) => ({ key, path: fileKey(at), mode }))
    const volume = `secret-${number}`
    return {
      volume: { name: volume, secret: { secretName: name, items } },
      mounts: files.map(({ path }, at) => fileMount(volume, path, at)),
    }
  })
}

function claimSources(resource: UserDeployment, service: Service): Source[] {
  return service.volumes.map(({ name, path }) => {
    const claimName = volumeChild(resource, service.name, name)
    return {
      volume: { name: `volume-${name}`, persistentVolumeClaim: { claimName } },
      mounts: [{ name: `volume-${name}`, mountPath: path }],
    }
  })
}

const fileMount = (volume: string, path: string, at: number): V1VolumeMount => ({
  name: volume,
  mountPath: path,
  subPath: fileKey(at),
  readOnly: true,
})
