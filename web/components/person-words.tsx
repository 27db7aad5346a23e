import type { ReactNode } from 'react'

import { initialsOf } from '../lib/initial.ts'

interface PersonProps {
  name: string
  email: string
  isMe: boolean
  /** Below the address. */
  children?: ReactNode
}

/** Who it is, in a row of people. */
export function PersonWords({ name, email, isMe, children }: PersonProps) {
  return (
    <div className="flex min-w-0 flex-1 basis-64 items-start gap-3">
      <span
        aria-hidden="true"
        data-initials={initialsOf(name)}
        className="grid size-8 shrink-0 place-items-center rounded-full bg-accent-tint text-xs font-semibold text-accent before:content-[attr(data-initials)]"
      />
      <div className="min-w-0">
        <p className="font-medium wrap-anywhere">
          {name}
          {isMe && <span className="ml-1.5 text-xs font-normal text-muted">you</span>}
        </p>
        <p className="text-muted wrap-anywhere">{email}</p>
        {children}
      </div>
    </div>
  )
}
