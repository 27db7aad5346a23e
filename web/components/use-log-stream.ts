import { useEffect, useState, useSyncExternalStore } from 'react'

import type { DeploymentId } from '../../src/contract/ids.ts'
import { LogStream } from '../api/log-stream.ts'

/** The log of a deployment for as long as the page shows it. Whoever reads it is painted anew as it grows. */
export function useLogStream(id: DeploymentId): { stream: LogStream; restart: () => void } {
  const [attempt, setAttempt] = useState(0)
  const [stream, setStream] = useState(() => new LogStream(id))
  useEffect(() => {
    const fresh = new LogStream(id)
    setStream(fresh)
    fresh.start()
    return () => fresh.stop()
  }, [id, attempt])
  useSyncExternalStore(stream.subscribe, stream.snapshot)
  return { stream, restart: () => setAttempt((number) => number + 1) }
}
