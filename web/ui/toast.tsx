import { CircleAlert, CircleCheck, X } from 'lucide-react'
import { useSyncExternalStore } from 'react'

import { IconButton } from './button.tsx'
import { cx } from './cx.ts'

export interface Toast {
  tone: 'good' | 'bad'
  title: string
  detail?: string
}

interface Shown extends Toast {
  key: number
}

const SHOWN_MS = 6000

let shown: readonly Shown[] = []
let lastKey = 0
const listeners = new Set<() => void>()

function replace(next: readonly Shown[]): void {
  shown = next
  for (const listener of listeners) listener()
}

const dismiss = (key: number): void => replace(shown.filter((toast) => toast.key !== key))

/** Says that something was done, or went wrong. A bad one stays until it is closed. */
export function showToast(toast: Toast): void {
  lastKey += 1
  const key = lastKey
  replace([...shown.slice(-2), { ...toast, key }])
  if (toast.tone === 'good') setTimeout(() => dismiss(key), SHOWN_MS)
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/** Where toasts are shown: once in a page. */
export function Toasts() {
  const toasts = useSyncExternalStore(subscribe, () => shown)
  return (
    <div
      role="status"
      aria-live="polite"
      className="pointer-events-none fixed inset-x-0 bottom-0 z-60 flex flex-col items-center gap-2 p-4 sm:items-end"
    >
      {toasts.map((toast) => (
        <ToastSheet key={toast.key} toast={toast} />
      ))}
    </div>
  )
}

function ToastSheet({ toast }: { toast: Shown }) {
  const isGood = toast.tone === 'good'
  const Icon = isGood ? CircleCheck : CircleAlert
  return (
    <div className="pointer-events-auto flex w-full max-w-sm animate-enter items-start gap-3 rounded-card border border-line bg-surface py-2.5 pr-2 pl-3.5 shadow-float">
      <Icon aria-hidden="true" className={cx('mt-1.5 size-4 shrink-0', isGood ? 'text-good' : 'text-bad')} />
      <div className="min-w-0 flex-1 py-1 wrap-anywhere">
        <p className="font-medium">{toast.title}</p>
        {toast.detail !== undefined && <p className="text-muted">{toast.detail}</p>}
      </div>
      <IconButton label="Close this message" onClick={() => dismiss(toast.key)}>
        <X className="size-4" />
      </IconButton>
    </div>
  )
}
