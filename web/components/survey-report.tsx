import type { ReactElement, ReactNode } from 'react'

import { Card } from '../ui/card.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import { Notice } from '../ui/notice.tsx'

interface SurveyReportProps<Place extends string> {
  /** What could not be looked at, and why. */
  blind: readonly { place: Place; sentence: string }[]
  /** Titles of those. */
  places: Readonly<Record<Place, string>>
  /** There is more than is listed. */
  isTruncated: boolean
  /** Of the list. */
  label: string
  icon: ReactElement
  /** Where nothing was found: when all was looked at, and when not. */
  nothing: { title: string; text: string; blindTitle: string }
  /** One for each thing that was found. */
  children: readonly ReactNode[]
}

/** What a look over everything has found, and what it could not see. */
export function SurveyReport<Place extends string>({
  blind,
  places,
  isTruncated,
  label,
  icon,
  nothing,
  children,
}: SurveyReportProps<Place>) {
  return (
    <div className="space-y-5">
      {blind.map(({ place, sentence }) => (
        <Notice key={place} tone="warn" title={places[place]}>
          <p>{sentence}</p>
        </Notice>
      ))}
      {isTruncated && (
        <Notice title={`These are the first ${children.length}`}>
          <p>There are more. Mend these first, then look again.</p>
        </Notice>
      )}
      <Card isFlush>
        {children.length === 0 ? (
          <EmptyState icon={icon} title={blind.length === 0 ? nothing.title : nothing.blindTitle}>
            {blind.length === 0 ? nothing.text : 'That says nothing of what could not be looked at.'}
          </EmptyState>
        ) : (
          <ul aria-label={label} className="divide-y divide-line">
            {children}
          </ul>
        )}
      </Card>
    </div>
  )
}
