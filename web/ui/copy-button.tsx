import { Check, Copy } from 'lucide-react'
import { useState } from 'react'

import { IconButton } from './button.tsx'

const SHOWN_MS = 1500

interface CopyButtonProps {
  text: string
  /** What is copied, as in "Copy the address". */
  what: string
  className?: string
}

export function CopyButton({ text, what, className }: CopyButtonProps) {
  const [isDone, setDone] = useState(false)
  // Without a clipboard (plain http on another host) there is nothing to press.
  if (!('clipboard' in navigator)) return null

  const copy = async () => {
    await navigator.clipboard.writeText(text)
    setDone(true)
    setTimeout(() => setDone(false), SHOWN_MS)
  }
  return (
    <IconButton label={isDone ? 'Copied' : `Copy ${what}`} className={className} onClick={() => void copy()}>
      {isDone ? <Check className="size-4 text-good" /> : <Copy className="size-4" />}
    </IconButton>
  )
}
