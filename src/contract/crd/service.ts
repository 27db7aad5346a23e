/** One service of a deployment: a number of equal pods. */
import { z } from 'zod'

import { ImageReference } from '../image.ts'
import { ServiceName } from '../names.ts'
import { wholeNumber } from '../text.ts'
import { listByKey, setOf, withRules, type Rule } from './rule.ts'
import {
  ConfigFile,
  EnvVar,
  Health,
  Port,
  Resources,
  SecretUse,
  SERVICE_BOUNDS,
  Volume,
  words,
} from './service-parts.ts'

const Autoscaling = withRules(
  z.object({
    minReplicas: wholeNumber('The least number of replicas', 1, SERVICE_BOUNDS.replicas)
      .default(1)
      .describe('Pods at least.'),
    maxReplicas: wholeNumber('The greatest number of replicas', 1, SERVICE_BOUNDS.replicas).describe(
      'Pods at most.',
    ),
    targetCpuPercent: wholeNumber('The CPU target', 1, 500)
      .default(80)
      .describe('Mean CPU use, in percent of what is requested, at which pods are added.'),
  }),
  [
    {
      says: 'The least number of replicas is above the greatest: lower it.',
      cel: 'self.minReplicas <= self.maxReplicas',
      breaches: ({ minReplicas, maxReplicas }) => (minReplicas > maxReplicas ? [['minReplicas']] : []),
    },
  ],
).describe('A number of pods that follows the load.')

const serviceFields = z.object({
  name: ServiceName.describe('Name, by which the other services of the deployment reach it.'),
  image: ImageReference.describe('Container image; a revision names it by its digest.'),
  command: words('A command')
    .default([])
    .describe("Program and its first words, instead of the image's entry point."),
  args: words('The arguments').default([]).describe("Arguments, instead of the image's."),
  ports: listByKey(Port, {
    keys: ['port', 'protocol'],
    max: SERVICE_BOUNDS.ports,
    says: 'Each port may be listed once: remove the second.',
  })
    .default([])
    .describe('Ports on which the service listens.'),
  env: listByKey(EnvVar, {
    keys: ['name'],
    max: SERVICE_BOUNDS.env,
    says: 'Each variable may be set once: remove the second.',
  })
    .default([])
    .describe('Variables of the environment. A secret of the same name counts instead.'),
  secrets: listByKey(SecretUse, {
    keys: ['path'],
    max: SERVICE_BOUNDS.secrets,
    says: 'Each secret may be listed once: put all its keys into one entry.',
  })
    .default([])
    .describe('Secrets from Vault, the layer that counts least first.'),
  configFiles: listByKey(ConfigFile, {
    keys: ['path'],
    max: SERVICE_BOUNDS.configFiles,
    says: 'Each config file needs a path of its own: change the second.',
  })
    .default([])
    .describe('Files that the service finds at its start.'),
  volumes: listByKey(Volume, {
    keys: ['name'],
    max: SERVICE_BOUNDS.volumes,
    says: 'Each volume needs a name of its own: rename the second.',
  })
    .default([])
    .describe('Storage that outlives the pods.'),
  resources: Resources.prefault({}),
  runAsUser: wholeNumber('The user id', 1, 2_147_483_647)
    .optional()
    .describe("User id of the process; the image's own when missing. Root is not possible."),
  fsGroup: wholeNumber('The group id', 1, 2_147_483_647)
    .optional()
    .describe('Group that owns the files of volumes and secrets.'),
  replicas: wholeNumber('The number of replicas', 0, SERVICE_BOUNDS.replicas)
    .optional()
    .describe('Number of pods; one when neither this nor autoscaling is given.'),
  autoscaling: Autoscaling.optional(),
  health: Health.optional(),
  dependsOn: setOf(ServiceName, {
    max: SERVICE_BOUNDS.services,
    says: 'Each dependency may be listed once: remove the second.',
  })
    .default([])
    .describe('Services that must have been ready before this one is started.'),
})

/** What the rules look at; templates have no secrets. */
interface Ruled {
  replicas?: number | undefined
  autoscaling?: { maxReplicas: number } | undefined
  configFiles: { path: string }[]
  secrets?: { keys: { file?: { path: string } | undefined }[] }[]
  volumes: { path: string }[]
}

const hasManyReplicas = ({ replicas, autoscaling }: Ruled): boolean =>
  (replicas ?? 1) > 1 || (autoscaling?.maxReplicas ?? 1) > 1

/** Paths at which files are put. */
const filePaths = ({ configFiles, secrets = [] }: Ruled): string[] => [
  ...configFiles.map(({ path }) => path),
  ...secrets.flatMap(({ keys }) => keys.flatMap(({ file }) => file?.path ?? [])),
]

export const serviceRules: readonly Rule<Ruled>[] = [
  {
    says: 'A service has either a number of replicas or autoscaling: remove one of them.',
    cel: '!(has(self.replicas) && has(self.autoscaling))',
    breaches: ({ replicas, autoscaling }) =>
      replicas !== undefined && autoscaling !== undefined ? [['autoscaling']] : [],
  },
  {
    says: 'A service with a volume runs as one pod, because a volume is held by one: set one replica or remove the volume.',
    cel: 'self.volumes.size() == 0 || ((!has(self.replicas) || self.replicas <= 1) && (!has(self.autoscaling) || self.autoscaling.maxReplicas <= 1))',
    breaches: (service) => (service.volumes.length > 0 && hasManyReplicas(service) ? [['replicas']] : []),
  },
  {
    says: 'Each volume needs a path of its own, on which no file lies: change one of the paths.',
    // By sets and not by loops in loops, which doubled what the largest deployment costs the API server.
    cel:
      'self.volumes.size() == 0 || (self.volumes.all(v, self.volumes.exists_one(w, w.path == v.path))' +
      ' && !sets.intersects(self.configFiles.map(f, f.path), self.volumes.map(v, v.path))' +
      ' && self.secrets.all(s, !sets.intersects(s.keys.map(k, has(k.file), k.file.path), self.volumes.map(v, v.path))))',
    breaches: (service) => {
      const taken = [...filePaths(service), ...service.volumes.map(({ path }) => path)]
      return service.volumes.flatMap(({ path }, index) =>
        taken.filter((other) => other === path).length > 1 ? [['volumes', index, 'path']] : [],
      )
    },
  },
]

export const Service = withRules(serviceFields, serviceRules).describe('One service: a number of equal pods.')
export type Service = z.output<typeof Service>
