import type { ReactNode } from 'react'

import { cx } from './cx.ts'

export type Tone = 'neutral' | 'active' | 'good' | 'warn' | 'bad'

const TONES: Record<Tone, { text: string; dot: string }> = {
  neutral: { text: 'bg-hover text-muted ring-line', dot: 'bg-field' },
  active: { text: 'bg-accent-tint text-accent ring-accent/15', dot: 'bg-accent' },
  good: { text: 'bg-good-tint text-good ring-good/15', dot: 'bg-good-dot' },
  warn: { text: 'bg-warn-tint text-warn ring-warn/15', dot: 'bg-warn-dot' },
  bad: { text: 'bg-bad-tint text-bad ring-bad/15', dot: 'bg-bad-dot' },
}

interface BadgeProps {
  tone?: Tone
  /** A dot before the word; a breathing one says that it will change by itself. */
  dot?: 'still' | 'breathing'
  children: ReactNode
}

/** One word about something. Its colour only repeats what the word says. */
export function Badge({ tone = 'neutral', dot, children }: BadgeProps) {
  const { text, dot: colour } = TONES[tone]
  return (
    <span
      className={cx(
        'inline-flex items-center gap-1.5 rounded-full px-2 py-0.5 text-xs font-medium whitespace-nowrap ring-1 ring-inset',
        text,
      )}
    >
      {dot && (
        <span
          aria-hidden="true"
          className={cx('size-1.5 rounded-full', colour, dot === 'breathing' && 'animate-breathe')}
        />
      )}
      {children}
    </span>
  )
}
