import { useEffect, useRef, useState } from 'react'

import type { DeploymentSummary } from '../../src/modules/deployments/schema.ts'

type Announced = Pick<DeploymentSummary, 'id' | 'displayName' | 'phase'>

/** Tells a screen reader when a deployment that is shown comes to stand elsewhere. */
export function Announcer({ deployments }: { deployments: readonly Announced[] }) {
  const phases = useRef(new Map<string, string>())
  const [text, setText] = useState('')

  useEffect(() => {
    const changed = deployments.filter(({ id, phase }) => (phases.current.get(id) ?? phase) !== phase)
    phases.current = new Map(deployments.map(({ id, phase }) => [id, phase]))
    if (changed.length > 0) {
      setText(changed.map(({ displayName, phase }) => `${displayName} is ${phase}.`).join(' '))
    }
  }, [deployments])

  return (
    <p role="status" aria-live="polite" className="sr-only">
      {text}
    </p>
  )
}
