import * as Radix from '@radix-ui/react-dialog'
import { X } from 'lucide-react'
import { useRef, type ReactNode } from 'react'

import { IconButton } from './button.tsx'
import { cx } from './cx.ts'

interface DialogProps {
  isOpen: boolean
  onClose: () => void
  title: string
  description?: ReactNode
  /** `wide` for what has to be compared or read. */
  size?: 'narrow' | 'wide'
  footer?: ReactNode
  children?: ReactNode
}

/**
 * What is asked for has the focus before the button that closes; afterwards it goes back to where it was. Radix gives
 * it back to a trigger of its own alone, and ours are opened by whatever asks for them.
 */
function useDialogFocus() {
  const opener = useRef<Element | null>(null)
  return {
    onOpenAutoFocus: (event: Event) => {
      opener.current = document.activeElement
      const { currentTarget: dialog } = event
      const field =
        dialog instanceof HTMLElement ? dialog.querySelector<HTMLElement>('input, textarea, select') : null
      if (!field) return
      event.preventDefault()
      field.focus()
    },
    onCloseAutoFocus: (event: Event) => {
      event.preventDefault()
      if (opener.current instanceof HTMLElement) opener.current.focus()
    },
  }
}

/**
 * A dialog that keeps the focus. Radix's own overlay is left out: it writes a style element, which the content
 * security policy refuses.
 */
export function Dialog({
  isOpen,
  onClose,
  title,
  description,
  size = 'narrow',
  footer,
  children,
}: DialogProps) {
  const focus = useDialogFocus()
  return (
    <Radix.Root open={isOpen} onOpenChange={(open) => !open && onClose()}>
      <Radix.Portal>
        <div className="fixed inset-0 z-40 touch-none bg-backdrop" />
        <Radix.Content
          {...(description === undefined ? { 'aria-describedby': undefined } : {})}
          {...focus}
          className={cx(
            'fixed inset-x-0 bottom-0 z-50 mx-auto flex max-h-[92dvh] animate-enter flex-col rounded-t-card border border-line bg-surface shadow-float outline-none sm:top-[12dvh] sm:bottom-auto sm:max-h-[80dvh] sm:rounded-card',
            size === 'wide' ? 'sm:max-w-3xl' : 'sm:max-w-md',
          )}
        >
          <header className="flex items-start justify-between gap-4 px-5 pt-4 pb-3">
            <div className="min-w-0 space-y-1">
              <Radix.Title className="text-base font-semibold wrap-anywhere">{title}</Radix.Title>
              {description !== undefined && (
                <Radix.Description asChild>
                  <div className="text-muted">{description}</div>
                </Radix.Description>
              )}
            </div>
            <IconButton label="Close" className="-mr-2" onClick={onClose}>
              <X className="size-4" />
            </IconButton>
          </header>
          <div className="min-h-0 flex-1 overflow-y-auto overscroll-contain px-5 pb-5">{children}</div>
          {footer !== undefined && (
            <footer className="flex flex-wrap justify-end gap-2 rounded-b-card border-t border-line bg-sunken px-5 py-3">
              {footer}
            </footer>
          )}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  )
}
