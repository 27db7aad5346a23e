import { expect, it } from 'vitest'

import { aDeployment, aPod, aService } from '../../testing/observed.ts'
import { aResource } from '../../testing/resources.ts'
import { smallService } from '../../../src/contract/testing/specs.ts'
import type { LivePod, ServiceObserved } from '../observed.ts'
import { firstFinding, type Finding } from './finding.ts'
import { POD_CHECKS } from './pods.ts'

const [service] = aResource({
  services: [smallService({ health: { http: { path: '/readyz', port: 8080 } } })],
}).spec.services

function found(changes: Partial<ServiceObserved>): Finding | undefined {
  if (!service) throw new Error('the resource has a service')
  return firstFinding(POD_CHECKS, { service, seen: aService(changes) })
}

const waiting = (reason: string, message = ''): LivePod[] => [
  aPod({ state: { waiting: { reason, message } } }),
]
const crashed = (restartCount: number, reason = 'Error', exitCode = 1): LivePod[] => [
  aPod({
    restartCount,
    state: { waiting: { reason: 'CrashLoopBackOff' } },
    lastState: { terminated: { reason, exitCode } },
  }),
]
const unscheduled = (message: string): LivePod[] => [
  aPod({}, { conditions: [{ type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message }] }),
]

const refused = (message: string): Partial<ServiceObserved> => ({
  deployment: aDeployment({
    conditions: [{ type: 'ReplicaFailure', status: 'True', reason: 'FailedCreate', message }],
  }),
})

it.each([
  [
    'an image that is not there',
    waiting('ErrImagePull', 'manifest unknown'),
    'stuck',
    'ImageNotFound',
    'does not exist',
  ],
  [
    'a name that is no image',
    waiting('InvalidImageName', "couldn't parse image"),
    'stuck',
    'ImageNotFound',
    'Check its name',
  ],
  [
    'an image behind a password',
    waiting('ImagePullBackOff', 'Back-off pulling image: failed to authorize: 401 Unauthorized'),
    'stuck',
    'ImagePullDenied',
    'Check the name and the pull secret',
  ],
  [
    'a registry that is away',
    waiting('ErrImagePull', 'dial tcp: i/o timeout'),
    'waits',
    'Provisioning',
    'tried again',
  ],
  [
    'an image that runs as root',
    waiting('CreateContainerConfigError', 'container has runAsNonRoot and image will run as root'),
    'stuck',
    'ConfigError',
    'Set the user id',
  ],
  [
    'a missing key',
    waiting('CreateContainerConfigError', "couldn't find key X in Secret ns/s"),
    'stuck',
    'ConfigError',
    "couldn't find key X",
  ],
  [
    'a command that is not in the image',
    [aPod({ lastState: { terminated: { reason: 'StartError', exitCode: 128 } } })],
    'stuck',
    'ConfigError',
    'Check command',
  ],
  [
    'a command that is not in the image, as the runtime says it',
    waiting(
      'RunContainerError',
      'failed to create containerd task: unable to start container process: error during container init: exec: "/no": stat /no: no such file or directory',
    ),
    'stuck',
    'ConfigError',
    'The command of service web cannot be started in its image. Check command',
  ],
  [
    'a secret that is missing after a command was',
    [
      aPod({
        state: { waiting: { reason: 'CreateContainerConfigError', message: 'secret "s" not found' } },
        lastState: { terminated: { reason: 'StartError', exitCode: 128 } },
      }),
    ],
    'stuck',
    'ConfigError',
    'secret "s" not found',
  ],
  [
    'a first crash',
    crashed(1),
    'waits',
    'CrashLoop',
    'ended with exit code 1 right after its start, 2 times',
  ],
  [
    'a crash again and again',
    crashed(3, 'Error', 137),
    'stuck',
    'CrashLoop',
    'exit code 137 right after its start, 4 times',
  ],
  ['too much memory once', crashed(1, 'OOMKilled', 137), 'waits', 'OutOfMemory', 'Raise its memory limit'],
  [
    'too much memory again and again',
    crashed(4, 'OOMKilled', 137),
    'stuck',
    'OutOfMemory',
    'Raise its memory limit',
  ],
  [
    'no room',
    unscheduled('0/1 nodes are available: 1 Insufficient cpu.'),
    'waits',
    'Unschedulable',
    'Insufficient cpu. Lower',
  ],
  [
    'a volume that is not there',
    unscheduled('pod has unbound immediate PersistentVolumeClaims'),
    'waits',
    'VolumePending',
    'storage class',
  ],
  ['a node that is silent', [aPod({}, { reason: 'NodeLost' })], 'waits', 'NodeLost', 'does not answer'],
  [
    'a health check that fails',
    [aPod({ state: { running: {} } })],
    'waits',
    'ProbeFailing',
    '(GET /readyz on port 8080) does not succeed',
  ],
] as const)('knows %s', (_, pods, kind, reason, says) => {
  const finding = found({ pods })
  expect(finding).toMatchObject({ kind, reason })
  expect(finding?.message).toContain(says)
})

it('knows a quota that is used up, with its numbers', () => {
  const message =
    'pods "x" is forbidden: exceeded quota: shipyard, requested: limits.cpu=500m, used: limits.cpu=8, limited: limits.cpu=8'
  expect(found(refused(message))).toMatchObject({
    reason: 'QuotaExceeded',
    message: expect.stringContaining(
      'requested: limits.cpu=500m, used: limits.cpu=8, limited: limits.cpu=8. Lower',
    ),
  })
})

it('knows pods that the cluster refuses', () => {
  expect(found(refused('violates PodSecurity "restricted:latest"'))).toMatchObject({
    kind: 'stuck',
    reason: 'ConfigError',
    message: expect.stringContaining('violates PodSecurity'),
  })
})

it('looks past pods that are going, and finds nothing wrong with those that start', () => {
  const [pod] = crashed(5)
  if (!pod) throw new Error('there is one')
  const going = { ...pod, metadata: { ...pod.metadata, deletionTimestamp: '2030-01-01T00:00:00Z' } }
  expect(
    found({ pods: [going, aPod({ state: { waiting: { reason: 'ContainerCreating' } } })] }),
  ).toBeUndefined()
})

it('tells of what needs a person before what needs time', () => {
  expect(found({ pods: [...crashed(1), ...waiting('ErrImagePull', 'not found')] })?.reason).toBe(
    'ImageNotFound',
  )
})

it('makes one line of what others say, and keeps it short', () => {
  const finding = found({ pods: waiting('CreateContainerError', `a\n\tb ${'x'.repeat(2000)}`) })
  expect(finding?.message).toMatch(/: a b x+/)
  expect(finding?.message.length).toBeLessThan(600)
})
