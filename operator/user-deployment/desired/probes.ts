import type { V1Probe } from '@kubernetes/client-node'

import type { Service } from '../../../src/contract/crd/service.ts'
import type { Fields } from '../manifest.ts'

export interface Probes {
  startupProbe?: V1Probe
  readinessProbe?: V1Probe
  livenessProbe?: V1Probe
}

/** A pod that fails this many times as often as it takes to be left out of requests is started anew. */
const LIVENESS_PATIENCE = 3

/**
 * One health check, asked three times: every second until it first succeeds, so that a pod gets requests as soon as it
 * can; then at its own pace, first to take it out of the requests, later to start it anew.
 */
export function probesOf({ health }: Service): Probes {
  if (!health) return {}
  const { periodSeconds, timeoutSeconds, failureThreshold, startupSeconds } = health
  const check = checkOf(health)
  return {
    startupProbe: { ...check, periodSeconds: 1, timeoutSeconds, failureThreshold: startupSeconds },
    readinessProbe: { ...check, periodSeconds, timeoutSeconds, failureThreshold },
    livenessProbe: {
      ...check,
      periodSeconds,
      timeoutSeconds,
      failureThreshold: failureThreshold * LIVENESS_PATIENCE,
    },
  }
}

function checkOf({ http, tcp, command }: NonNullable<Service['health']>): Fields<V1Probe> {
  if (http) return { httpGet: { path: http.path, port: http.port, scheme: 'HTTP' } }
  if (tcp) return { tcpSocket: { port: tcp.port } }
  return { exec: { command: command ?? [] } }
}
