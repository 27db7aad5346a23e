import { fail } from '../../errors.ts'
import { KubeError } from '../../kubernetes/kube-error.ts'
import { KubeConfigError } from '../../kubernetes/kubeconfig.ts'

/** The API server's refusals: what was sent is wrong, or not allowed. */
const refusals = [400, 403, 409, 413, 422]

/** A namespace on its way out refuses everything, and its name is free again a moment later. */
const isNamespaceEnding = ({ details }: KubeError): boolean =>
  details.causes?.some(({ reason }) => reason === 'NamespaceTerminating') ?? false

/**
 * Rights that are missing are the installation's affair and say nothing of what was sent. A cluster that is just being
 * set up has none to give: https://kubernetes.io/docs/reference/access-authn-authz/authorization/
 */
const isForbidden = ({ status, message }: KubeError): boolean =>
  status === 403 && /is forbidden: (User "[^"]*" cannot |not yet ready to handle request)/.test(message)

export const isRefusal = (error: unknown): error is KubeError =>
  error instanceof KubeError &&
  refusals.includes(error.status) &&
  !isNamespaceEnding(error) &&
  !isForbidden(error)

/**
 * From the API server's words to ours. A reason that was given to an AbortSignal goes on as it is.
 *
 * @throws always
 */
export function translate(error: unknown): never {
  if (error instanceof KubeConfigError) {
    fail('CLUSTER_UNAVAILABLE', {}, { because: error.message, cause: error })
  }
  if (!(error instanceof KubeError)) throw error
  const context = { because: error.message, cause: error }
  if (isRefusal(error)) fail('CLUSTER_REFUSED', {}, context)
  fail('CLUSTER_UNAVAILABLE', {}, context)
}

/** The same for a log: 400 is a container that is not there or has not been started. */
export function translateForLog(error: unknown): never {
  const isMissing = error instanceof KubeError && (error.status === 404 || error.status === 400)
  if (isMissing) fail('NOT_FOUND', { what: 'log' }, { because: error.message, cause: error })
  translate(error)
}

/** The words of the container runtimes for a program that the image does not have. */
const NO_PROGRAM = /no such file or directory|executable file not found/
/** The kubelet's, for a container that has ended, or has not been started. */
const NO_CONTAINER =
  /container not found|cannot exec in a (stopped|deleted) (container|state)|not created or running/

/** The same for a program in a container. */
export function translateForExec(error: unknown): never {
  if (!(error instanceof KubeError)) translate(error)
  const context = { because: error.message, cause: error }
  if (NO_PROGRAM.test(error.message)) fail('PROGRAM_MISSING', {}, context)
  const isMissing = error.status === 404 || error.status === 400 || NO_CONTAINER.test(error.message)
  if (isMissing) fail('NOT_FOUND', { what: 'running container' }, context)
  translate(error)
}

/** What the API server says of an object that it refuses, field by field where it names fields. */
export function refusalOf(error: KubeError): string {
  const causes = error.details.causes ?? []
  const said = causes.map(({ field, message }) => [field, message].filter(Boolean).join(': '))
  return said.length > 0 ? said.join('; ') : error.message
}
