import { useLayoutEffect, useRef, useState, type ReactNode } from 'react'

import type { LogLine } from '../lib/log-buffer.ts'
import { cx } from '../ui/cx.ts'

/** Every line has this height, so that which ones are to be seen is a division. */
const ROW_HEIGHT = 20
const OVERSCAN = 10

const COLOURS = ['bg-pod-1', 'bg-pod-2', 'bg-pod-3', 'bg-pod-4', 'bg-pod-5', 'bg-pod-6']

/** The same pod has the same colour in every place that shows it. */
function podColour(pods: readonly string[], pod: string): string {
  return COLOURS[Math.max(0, pods.indexOf(pod)) % COLOURS.length] ?? ''
}

/** The end of a pod's name, in which alone those of one service differ. */
export const podTail = (pod: string): string => pod.split('-').at(-1) ?? pod

interface LogRowsProps {
  lines: readonly LogLine[]
  pods: readonly string[]
  /** What is searched for. */
  mark: string
  isFollowing: boolean
  onFollow: (isFollowing: boolean) => void
}

/** A window on many lines: only those in it, and a few around, are elements of the page. */
export function LogRows({ lines, pods, mark, isFollowing, onFollow }: LogRowsProps) {
  const box = useRef<HTMLDivElement>(null)
  const [view, setView] = useState({ top: 0, height: 600 })
  const total = lines.length * ROW_HEIGHT

  useLayoutEffect(() => {
    const element = box.current
    if (element && isFollowing) element.scrollTop = total
  }, [isFollowing, total])

  const onScroll = () => {
    const element = box.current
    if (!element) return
    const { scrollTop, clientHeight, scrollHeight } = element
    setView({ top: scrollTop, height: clientHeight })
    // Only a reader's own movement ends following: growing lines move the end away, too.
    const isAtEnd = scrollHeight - scrollTop - clientHeight < ROW_HEIGHT * 2
    if (isAtEnd !== isFollowing && (isAtEnd || scrollTop < view.top)) onFollow(isAtEnd)
  }

  const first = Math.max(0, Math.floor(view.top / ROW_HEIGHT) - OVERSCAN)
  const last = Math.ceil((view.top + view.height) / ROW_HEIGHT) + OVERSCAN
  return (
    <div
      ref={box}
      role="log"
      aria-label="Log"
      aria-live="off"
      // A region that scrolls must be reachable by keys.
      tabIndex={0}
      onScroll={onScroll}
      className="h-[62dvh] min-h-80 overflow-auto overscroll-contain bg-sunken py-2 font-mono text-xs -outline-offset-2"
    >
      <div className="relative" style={{ height: total }}>
        {lines.slice(first, last).map((line, index) => (
          <div
            key={first + index}
            className="absolute left-0 flex h-5 min-w-full items-center leading-5 whitespace-pre hover:bg-hover"
            style={{ top: (first + index) * ROW_HEIGHT }}
          >
            <LogRow line={line} pods={pods} mark={mark} />
          </div>
        ))}
      </div>
    </div>
  )
}

/** The time of day in the reader's zone, to the millisecond. */
function timeOf(at: string): string {
  const time = new Date(at)
  return Number.isNaN(time.getTime())
    ? ''
    : `${time.toTimeString().slice(0, 8)}.${String(time.getMilliseconds()).padStart(3, '0')}`
}

function LogRow({ line, pods, mark }: { line: LogLine; pods: readonly string[]; mark: string }) {
  const { at, text, source, kind } = line
  return (
    <>
      <span
        aria-hidden="true"
        className={cx('ml-2 h-3.5 w-1 shrink-0 rounded-full', podColour(pods, source.pod))}
      />
      <span className="figures ml-2 hidden w-24 shrink-0 text-muted sm:inline">
        {kind === 'line' && timeOf(at)}
      </span>
      <span title={source.pod} className="ml-2 w-28 shrink-0 truncate text-muted max-sm:w-20">
        {source.service} {podTail(source.pod)}
      </span>
      <span className={cx('mr-4 ml-3', kind === 'gap' && 'text-warn', kind === 'end' && 'text-muted italic')}>
        {kind === 'line' ? marked(text, mark) : `— ${text}`}
      </span>
    </>
  )
}

function marked(text: string, mark: string): ReactNode {
  if (mark === '') return text
  const lower = text.toLowerCase()
  const wanted = mark.toLowerCase()
  const parts: ReactNode[] = []
  let done = 0
  for (let at = lower.indexOf(wanted); at >= 0; at = lower.indexOf(wanted, done)) {
    parts.push(
      text.slice(done, at),
      <mark key={at} className="rounded-xs bg-mark text-ink">
        {text.slice(at, at + wanted.length)}
      </mark>,
    )
    done = at + wanted.length
  }
  return [...parts, text.slice(done)]
}
