import { CircleAlert, CircleCheck, Info, TriangleAlert } from 'lucide-react'
import type { ReactNode } from 'react'

import type { Tone } from './badge.tsx'
import { cx } from './cx.ts'

const LOOKS: Record<Tone, { box: string; icon: string; Icon: typeof Info }> = {
  neutral: { box: 'border-line bg-sunken', icon: 'text-muted', Icon: Info },
  active: { box: 'border-accent/20 bg-accent-tint', icon: 'text-accent', Icon: Info },
  good: { box: 'border-good/20 bg-good-tint', icon: 'text-good', Icon: CircleCheck },
  warn: { box: 'border-warn/20 bg-warn-tint', icon: 'text-warn', Icon: TriangleAlert },
  bad: { box: 'border-bad/20 bg-bad-tint', icon: 'text-bad', Icon: CircleAlert },
}

interface NoticeProps {
  tone?: Tone
  title?: string
  children?: ReactNode
  action?: ReactNode
  /** `alert` interrupts a screen reader, `status` waits for its turn. */
  role?: 'alert' | 'status'
  className?: string
}

/** Something that must be read where it stands. */
export function Notice({ tone = 'neutral', title, children, action, role, className }: NoticeProps) {
  const { box, icon, Icon } = LOOKS[tone]
  return (
    <div
      role={role}
      className={cx('flex flex-wrap gap-x-3 gap-y-2 rounded-control border px-3 py-2.5', box, className)}
    >
      <Icon aria-hidden="true" className={cx('mt-0.5 size-4 shrink-0', icon)} />
      <div className="min-w-0 flex-1 wrap-anywhere">
        {title !== undefined && <p className="font-medium">{title}</p>}
        {children}
      </div>
      {action !== undefined && (
        <div className="shrink-0 self-center max-sm:basis-full max-sm:pl-7">{action}</div>
      )}
    </div>
  )
}
