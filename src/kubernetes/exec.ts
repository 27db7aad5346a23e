/**
 * Runs a program in a container, by the remote command protocol over a WebSocket:
 * https://kubernetes.io/blog/2024/08/20/websockets-transition/ and
 * https://github.com/kubernetes/kubernetes/blob/v1.34.4/staging/src/k8s.io/apimachinery/pkg/util/remotecommand/constants.go.
 * (The official client's helper does not encode names, reads without waiting for its reader, never pings, and takes
 * what breaks after the handshake for nothing.)
 */
import { ExecStreams } from './exec-streams.ts'
import type { ExecOptions, ExecProcess, ExecTarget } from './exec-types.ts'
import { systemClock } from './clock.ts'
import { resourcePath } from './path.ts'
import { RESOURCES } from './resources.ts'
import type { SocketTransport } from './transport-types.ts'

export type { ExecOptions, ExecProcess } from './exec-types.ts'

/** The first one that can end the input alone. API servers speak it since Kubernetes 1.30. */
const PROTOCOL = 'v5.channel.k8s.io'

/**
 * Starts it. Whether the container has such a program, {@link ExecProcess.exit} tells.
 *
 * @throws {KubeError} no such pod (404), not allowed (403), no connection
 * @throws the signal's reason
 * @throws {UnsafePathError}
 */
export async function execIn(
  transport: Pick<SocketTransport, 'openSocket'>,
  { namespace, pod, container }: ExecTarget,
  { command, isTty = false, size, signal, clock = systemClock }: ExecOptions,
): Promise<ExecProcess> {
  const path = resourcePath({ ...RESOURCES.Pod, namespace, name: pod, subresource: 'exec' })
  const socket = await transport.openSocket({
    path,
    query: { container, command, stdin: true, stdout: true, stderr: !isTty, tty: isTty },
    protocol: PROTOCOL,
    ...(signal ? { signal } : {}),
  })
  return new ExecStreams(socket, { what: `exec in ${pod}`, clock, isTty, size, signal })
}
