import { Component, type ReactNode } from 'react'

import { Button } from '../ui/button.tsx'
import { Notice } from '../ui/notice.tsx'

interface BoundaryProps {
  /** Another place is another try. */
  place: string
  children: ReactNode
}

interface BoundaryState {
  error: unknown
  place: string
}

/** A new version of the dashboard was put in place, and this tab asks for files of the one before. */
const isOutdated = (error: unknown): boolean =>
  error instanceof Error &&
  /dynamically imported module|importing a module script|Failed to fetch/i.test(error.message)

/** Keeps a page that broke from taking the frame with it. */
export class Boundary extends Component<BoundaryProps, BoundaryState> {
  override state: BoundaryState = { error: undefined, place: this.props.place }

  static getDerivedStateFromError(error: unknown): Partial<BoundaryState> {
    return { error: error ?? new Error('nothing was thrown') }
  }

  static getDerivedStateFromProps(props: BoundaryProps, state: BoundaryState): BoundaryState | null {
    return props.place === state.place ? null : { error: undefined, place: props.place }
  }

  override render(): ReactNode {
    const { error } = this.state
    if (error === undefined) return this.props.children
    const [title, sentence] = isOutdated(error)
      ? ['There is a newer version of this page', 'Load it again to go on.']
      : ['This page broke', 'Load it again. If it stays so, report what you did before.']
    return (
      <Notice
        tone={isOutdated(error) ? 'active' : 'bad'}
        role="alert"
        title={title}
        action={<Button onClick={() => location.reload()}>Load again</Button>}
      >
        <p>{sentence}</p>
      </Notice>
    )
  }
}
