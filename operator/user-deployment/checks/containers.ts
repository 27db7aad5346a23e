/** Why a container does not run: what the kubelet says of it, as one reason and one sentence with a next step. */
import type { Service } from '../../../src/contract/crd/service.ts'
import type { ContainerStatus } from '../observed.ts'
import { quoted, stuck, waits, type Finding } from './finding.ts'

/** A container of a service. */
interface Container {
  service: Service
  status: ContainerStatus
  /** What its health check was answered, if it failed lately. */
  unhealthy: string | undefined
}

type Check = (container: Container) => Finding | undefined

const waitingOf = ({ status }: Container): { reason: string; message?: string } | undefined => {
  const { reason, message } = status.state?.waiting ?? {}
  return reason === undefined ? undefined : { reason, ...(message === undefined ? {} : { message }) }
}

const PULL_FAILURES = [
  'ErrImagePull',
  'ImagePullBackOff',
  'InvalidImageName',
  'ErrImageNeverPull',
  'RegistryUnavailable',
]
const NOT_FOUND =
  /not found|manifest unknown|does not exist|invalid reference|InvalidImageName|couldn't parse image/i
const DENIED = /unauthorized|denied|forbidden|authenticat|authoriz|no basic auth/i

const imageCannotBePulled: Check = (container) => {
  const waiting = waitingOf(container)
  if (!waiting || !PULL_FAILURES.includes(waiting.reason)) return undefined
  const { image, name: service } = container.service
  const said = `${waiting.reason} ${waiting.message ?? ''}`
  // A registry that hides private images says both at once.
  if (DENIED.test(said)) {
    return stuck(
      'ImagePullDenied',
      `The registry does not let the cluster pull the image ${image} of service ${service}. Check the name and the pull secret.`,
    )
  }
  if (NOT_FOUND.test(said)) {
    return stuck(
      'ImageNotFound',
      `The image ${image} of service ${service} does not exist. Check its name and tag.`,
    )
  }
  return waits(
    'Provisioning',
    `The image ${image} of service ${service} cannot be pulled at present: ${quoted(waiting.message)}. It is tried again.`,
  )
}

const CONFIG_FAILURES = [
  'CreateContainerConfigError',
  'CreateContainerError',
  'RunContainerError',
  'PreCreateHookError',
  'PreStartHookError',
  'PostStartHookError',
]

const runsAsRoot: Check = (container) => {
  const message = waitingOf(container)?.message ?? ''
  return /run as root|non-numeric user|runAsNonRoot/.test(message)
    ? stuck(
        'ConfigError',
        `The image of service ${container.service.name} would run as root, which is not allowed. Set the user id that it runs as, or take an image for other users.`,
      )
    : undefined
}

const containerCannotBeMade: Check = (container) => {
  const waiting = waitingOf(container)
  if (!waiting || !CONFIG_FAILURES.includes(waiting.reason)) return undefined
  return stuck(
    'ConfigError',
    `A container of service ${container.service.name} cannot be started as it is configured: ${quoted(waiting.message)}. Correct the configuration.`,
  )
}

/** After so many restarts it is no accident any more. */
const RESTARTS_ARE_MANY = 3

const restartsOf = ({ status }: Container): number => status.restartCount ?? 0

type Ended = NonNullable<NonNullable<ContainerStatus['state']>['terminated']>

/** How the container ended the last time, if it is not well since. */
function endOf({ status }: Container): Ended | undefined {
  if (status.ready) return undefined
  return status.state?.terminated ?? status.lastState?.terminated
}

const outOfMemory: Check = (container) => {
  if (endOf(container)?.reason !== 'OOMKilled') return undefined
  const message = `Service ${container.service.name} used more memory than its limit of ${container.service.resources.limits.memory} and was ended. Raise its memory limit.`
  return restartsOf(container) >= RESTARTS_ARE_MANY
    ? stuck('OutOfMemory', message)
    : waits('OutOfMemory', message)
}

/** How the runtime says it, a moment before the kubelet has a word for it. */
const EXEC_FAILED = /container process: .*\bexec: /s

const cannotBeStarted = (container: Container): boolean => {
  const waiting = waitingOf(container)
  if (waiting && CONFIG_FAILURES.includes(waiting.reason)) return EXEC_FAILED.test(waiting.message ?? '')
  const reason = endOf(container)?.reason
  return reason === 'StartError' || reason === 'ContainerCannotRun'
}

const programIsMissing: Check = (container) =>
  cannotBeStarted(container)
    ? stuck(
        'ConfigError',
        `The command of service ${container.service.name} cannot be started in its image. Check command and arguments.`,
      )
    : undefined

const endsAgainAndAgain: Check = (container) => {
  const end = endOf(container)
  const isBackingOff = waitingOf(container)?.reason === 'CrashLoopBackOff'
  if (!isBackingOff && (end === undefined || container.status.state?.terminated === undefined))
    return undefined
  const code = end?.exitCode === undefined ? '' : ` with exit code ${end.exitCode}`
  const message = `Service ${container.service.name} ended${code} right after its start, ${times(restartsOf(container) + 1)}. Look at its log.`
  return restartsOf(container) >= RESTARTS_ARE_MANY
    ? stuck('CrashLoop', message)
    : waits('CrashLoop', message)
}

const times = (count: number): string => (count === 1 ? 'once' : `${count} times`)

/** Exit codes of who was told to end: it obeyed, or died of SIGKILL or SIGTERM. */
const TOLD_TO_END = [0, 137, 143]

/**
 * Ended by the kubelet, because its health check failed too often: its own log says nothing of that. Who crashes by
 * itself at its start fails checks too, but not for as long as it may take to start.
 */
function isEndedByCheck({ service: { health }, unhealthy = '' }: Container, end: Ended): boolean {
  if (!health || !TOLD_TO_END.includes(end.exitCode ?? -1)) return false
  if (unhealthy.startsWith('Liveness probe')) return true
  const ranMs = Date.parse(end.finishedAt ?? '') - Date.parse(end.startedAt ?? '')
  return unhealthy.startsWith('Startup probe') && ranMs >= (health.startupSeconds - 1) * 1000
}

const checkEndsIt: Check = (container) => {
  const end = endOf(container)
  if (!end || !isEndedByCheck(container, end)) return undefined
  const { service, unhealthy } = container
  const message = `Service ${service.name} was ended ${times(restartsOf(container) + 1)}, because its health check did not succeed: ${quoted(unhealthy)}. Look at its log, or give it more time.`
  return restartsOf(container) >= RESTARTS_ARE_MANY
    ? stuck('ProbeFailing', message)
    : waits('ProbeFailing', message)
}

/** In this order: the more exact word first. */
export const CONTAINER_CHECKS: readonly Check[] = [
  imageCannotBePulled,
  runsAsRoot,
  programIsMissing,
  containerCannotBeMade,
  outOfMemory,
  checkEndsIt,
  endsAgainAndAgain,
]
