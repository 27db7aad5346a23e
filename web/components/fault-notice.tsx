import type { ReactNode } from 'react'

import { describeError } from '../api/errors.ts'
import { Button } from '../ui/button.tsx'
import { CopyButton } from '../ui/copy-button.tsx'
import { Notice } from '../ui/notice.tsx'

interface FaultNoticeProps {
  error: unknown
  title?: string
  onRetry?: (() => void) | undefined
  isRetrying?: boolean
  action?: ReactNode
  className?: string
}

/** What went wrong: the server's sentence, what support asks for, and another try. */
export function FaultNotice({ error, title, onRetry, isRetrying, action, className }: FaultNoticeProps) {
  const { sentence, requestId } = describeError(error)
  return (
    <Notice
      tone="bad"
      role="alert"
      {...(title === undefined ? {} : { title })}
      {...(className === undefined ? {} : { className })}
      action={
        onRetry ? (
          <Button onClick={onRetry} isBusy={isRetrying ?? false}>
            Try again
          </Button>
        ) : (
          action
        )
      }
    >
      <p>{sentence}</p>
      {requestId !== undefined && (
        <p className="mt-1 flex items-center text-xs text-muted">
          <span className="min-w-0">
            Request <code className="font-mono">{requestId}</code>
          </span>
          <CopyButton text={requestId} what="the request id" className="-my-2" />
        </p>
      )}
    </Notice>
  )
}
