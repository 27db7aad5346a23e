/** The log of all pods of a deployment, live: search, pods, pause, download. */
import { ArrowDown, Download, Pause, Play, Search } from 'lucide-react'
import { useDeferredValue, useMemo, useState } from 'react'

import type { DeploymentId } from '../../src/contract/ids.ts'
import type { LogState } from '../api/log-stream.ts'
import { filterLines, type LogBuffer, type LogLine, type LogSource } from '../lib/log-buffer.ts'
import { Badge, type Tone } from '../ui/badge.tsx'
import { Button, IconButton } from '../ui/button.tsx'
import { Input, Select } from '../ui/field.tsx'
import { Notice } from '../ui/notice.tsx'
import { LogRows, podTail } from './log-rows.tsx'
import { useLogStream } from './use-log-stream.ts'

interface Paused {
  lines: readonly LogLine[]
  /** How many there were then. */
  total: number
}

export function LogView({ id, name }: { id: DeploymentId; name: string }) {
  const { stream, restart } = useLogStream(id)
  const { buffer, state } = stream
  const [search, setSearch] = useState('')
  const [pod, setPod] = useState('')
  const [paused, setPaused] = useState<Paused>()
  const [isFollowing, setFollowing] = useState(true)
  const wanted = useDeferredValue(search)

  const { version } = buffer
  const pods = useMemo(() => podsOf(buffer, version), [buffer, version])
  const lines = useMemo(
    () => linesOf(paused?.lines ?? buffer.lines, { wanted, pod, version }),
    [buffer, paused, wanted, pod, version],
  )
  const togglePause = () => setPaused(paused ? undefined : { lines: [...buffer.lines], total: buffer.total })
  const isEmpty = lines.length === 0

  return (
    <section
      aria-label="Logs"
      className="overflow-hidden rounded-card border border-line bg-surface shadow-card"
    >
      <div className="flex flex-wrap items-center gap-2 border-b border-line p-2.5">
        <div className="relative min-w-40 flex-1 sm:max-w-xs">
          <Search
            aria-hidden="true"
            className="pointer-events-none absolute top-1/2 left-2.5 size-4 -translate-y-1/2 text-muted"
          />
          <Input
            type="search"
            aria-label="Search in the log"
            placeholder="Search in the log"
            value={search}
            onChange={(event) => setSearch(event.target.value)}
            className="pl-8"
          />
        </div>
        <Select aria-label="Pod" value={pod} onChange={(event) => setPod(event.target.value)}>
          <option value="">All pods</option>
          {pods.toSorted(byName).map((each) => (
            <option key={each.pod} value={each.pod}>
              {each.service} {podTail(each.pod)}
            </option>
          ))}
        </Select>
        <div className="flex flex-1 items-center justify-end gap-2">
          <StreamBadge state={state} isPaused={paused !== undefined} />
          <Button
            icon={
              paused ? (
                <Play aria-hidden="true" className="size-4" />
              ) : (
                <Pause aria-hidden="true" className="size-4" />
              )
            }
            onClick={togglePause}
          >
            {paused ? `Resume${newSince(buffer, paused)}` : 'Pause'}
          </Button>
          <IconButton label="Download what is shown" disabled={isEmpty} onClick={() => download(lines, name)}>
            <Download className="size-4" />
          </IconButton>
        </div>
      </div>
      <Trouble state={state} onRetry={restart} />
      <div className="relative">
        <LogRows
          lines={lines}
          pods={pods.map((each) => each.pod)}
          mark={wanted}
          isFollowing={isFollowing && !paused}
          onFollow={setFollowing}
        />
        {isEmpty && <Nothing isFiltering={wanted !== '' || pod !== ''} state={state} />}
        {!isFollowing && !isEmpty && (
          <Button
            className="absolute right-4 bottom-4 shadow-float"
            icon={<ArrowDown aria-hidden="true" className="size-4" />}
            onClick={() => setFollowing(true)}
          >
            Newest line
          </Button>
        )}
      </div>
    </section>
  )
}

/** One entry a pod, in the order in which they were seen, however often its containers were restarted. `version` says when to look again. */
function podsOf(buffer: LogBuffer, _version: number) {
  return [...new Map(buffer.sources.map((source) => [source.pod, source])).values()]
}

const byName = (a: LogSource, b: LogSource): number => (a.pod < b.pod ? -1 : 1)

interface Wanted {
  wanted: string
  pod: string
  version: number
}

const linesOf = (lines: readonly LogLine[], { wanted, pod }: Wanted): readonly LogLine[] =>
  // A new list for every version: React compares by identity, and the buffer grows in place.
  [...filterLines(lines, { text: wanted, pods: pod === '' ? [] : [pod] })]

function newSince(buffer: LogBuffer, { total }: Paused): string {
  const number = buffer.total - total
  return number === 0 ? '' : ` · ${number.toLocaleString()} new`
}

function download(lines: readonly LogLine[], name: string): void {
  const text = lines.map(({ at, source, text: said }) => `${at} ${source.pod} ${said}\n`)
  const url = URL.createObjectURL(new Blob(text, { type: 'text/plain' }))
  const link = document.createElement('a')
  link.href = url
  link.download = `${name}.log`
  link.click()
  setTimeout(() => URL.revokeObjectURL(url), 60_000)
}

const BADGES: Record<LogState['kind'], { label: string; tone: Tone }> = {
  connecting: { label: 'Connecting', tone: 'neutral' },
  live: { label: 'Live', tone: 'good' },
  crowded: { label: 'Waiting', tone: 'warn' },
  hidden: { label: 'Resting', tone: 'neutral' },
  retrying: { label: 'Reconnecting', tone: 'warn' },
  failed: { label: 'Stopped', tone: 'bad' },
}

function StreamBadge({ state, isPaused }: { state: LogState; isPaused: boolean }) {
  if (isPaused) return <Badge tone="warn">Paused</Badge>
  const { label, tone } = BADGES[state.kind]
  return (
    <Badge tone={tone} dot={state.kind === 'live' ? 'still' : 'breathing'}>
      {label}
    </Badge>
  )
}

function Trouble({ state, onRetry }: { state: LogState; onRetry: () => void }) {
  if (state.kind === 'crowded') {
    return (
      <Notice tone="warn" role="status" className="m-2.5">
        <p>Three other tabs show live logs already. This one goes on when one of them is closed or hidden.</p>
      </Notice>
    )
  }
  if (state.kind !== 'failed' && state.kind !== 'retrying') return null
  return (
    <Notice
      tone={state.kind === 'failed' ? 'bad' : 'warn'}
      role="status"
      className="m-2.5"
      action={state.kind === 'failed' && <Button onClick={onRetry}>Try again</Button>}
    >
      <p>{state.fault.sentence}</p>
      {state.fault.requestId !== undefined && (
        <p className="text-xs text-muted">Request {state.fault.requestId}</p>
      )}
    </Notice>
  )
}

function Nothing({ isFiltering, state }: { isFiltering: boolean; state: LogState }) {
  const text = isFiltering
    ? 'No line fits. Search for less, or for all pods.'
    : state.kind === 'live'
      ? 'Nothing has been written yet. Lines appear here as they are.'
      : state.kind === 'connecting'
        ? 'Connecting to the log…'
        : ''
  return (
    <p className="pointer-events-none absolute inset-0 grid place-items-center p-6 text-center text-muted">
      {text}
    </p>
  )
}
