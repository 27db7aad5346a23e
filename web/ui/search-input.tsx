import { Search } from 'lucide-react'
import type { ComponentProps, ReactNode } from 'react'

import { Input } from './field.tsx'
import { cx } from './cx.ts'

interface SearchInputProps extends Omit<ComponentProps<'input'>, 'className' | 'placeholder'> {
  /** What is searched, also as its placeholder. */
  label: string
  /** Of the frame. */
  className?: string
  /** Within it, at its end. */
  children?: ReactNode
}

/** Something to search by; a word in it is `peer` to what stands at its end. */
export function SearchInput({ label, className, children, ...rest }: SearchInputProps) {
  return (
    <div className={cx('relative', className)}>
      <Search
        aria-hidden="true"
        className="pointer-events-none absolute top-1/2 left-2.5 size-4 -translate-y-1/2 text-muted"
      />
      <Input {...rest} type="search" aria-label={label} placeholder={label} className="peer pr-8 pl-8" />
      {children}
    </div>
  )
}
