import { useEffect, useRef, useState } from 'react'

import type { DeploymentSummary } from '../../src/modules/deployments/schema.ts'
import { statusWord } from './status-word.ts'

type Announced = Pick<DeploymentSummary, 'id' | 'displayName' | 'phase' | 'suspended'>

/** Tells a screen reader when a deployment that is shown comes to stand elsewhere. */
export function Announcer({ deployments }: { deployments: readonly Announced[] }) {
  const words = useRef(new Map<string, string>())
  const [text, setText] = useState('')

  useEffect(() => {
    const changed = deployments.filter((each) => {
      const word = statusWord(each)
      return (words.current.get(each.id) ?? word) !== word
    })
    words.current = new Map(deployments.map((each) => [each.id, statusWord(each)]))
    if (changed.length > 0) {
      setText(changed.map((each) => `${each.displayName} is ${statusWord(each)}.`).join(' '))
    }
  }, [deployments])

  return (
    <p role="status" aria-live="polite" className="sr-only">
      {text}
    </p>
  )
}
