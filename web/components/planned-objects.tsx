import { ChevronRight } from 'lucide-react'
import { useState } from 'react'

import type { PlannedObject } from '../../src/modules/deployments/schema.ts'
import { count } from '../lib/format.ts'
import { Badge, type Tone } from '../ui/badge.tsx'
import { Button } from '../ui/button.tsx'
import { CodeBlock } from '../ui/code-block.tsx'

const ACTIONS: Record<PlannedObject['action'], { label: string; tone: Tone }> = {
  create: { label: 'new', tone: 'good' },
  change: { label: 'changed', tone: 'warn' },
  remove: { label: 'removed', tone: 'bad' },
  keep: { label: 'unchanged', tone: 'neutral' },
}

const keyOf = ({ apiVersion, kind, name }: PlannedObject): string => `${apiVersion}/${kind}/${name}`

/** Every object by itself. What stays as it is comes last, when asked for. */
export function PlannedObjects({ objects }: { objects: readonly PlannedObject[] }) {
  const [showsKept, setShowsKept] = useState(false)
  const kept = objects.filter(({ action }) => action === 'keep')
  const shown = [...objects.filter(({ action }) => action !== 'keep'), ...(showsKept ? kept : [])]
  return (
    <div>
      <ul className="divide-y divide-line rounded-control border border-line empty:hidden">
        {shown.map((object) => (
          <li key={keyOf(object)}>
            <OneObject object={object} />
          </li>
        ))}
      </ul>
      {kept.length > 0 && !showsKept && (
        <Button variant="ghost" className="mt-2 -ml-3" onClick={() => setShowsKept(true)}>
          Show {count(kept.length, 'object')} that {kept.length === 1 ? 'stays' : 'stay'} as now
        </Button>
      )}
    </div>
  )
}

function OneObject({ object }: { object: PlannedObject }) {
  const { kind, name, manifest, fields } = object
  const { label, tone } = ACTIONS[object.action]
  return (
    <details className="group" open={fields.length > 0}>
      <summary className="flex min-h-10 list-none flex-wrap items-center gap-x-2.5 gap-y-0.5 rounded-control px-3 py-2 hover:bg-hover [&::-webkit-details-marker]:hidden">
        <ChevronRight
          aria-hidden="true"
          className="size-4 text-muted transition-transform group-open:rotate-90"
        />
        <span className="font-medium">{kind}</span>
        <span className="min-w-0 flex-1 truncate font-mono text-xs text-muted">{name}</span>
        <Badge tone={tone}>{label}</Badge>
      </summary>
      <div className="space-y-3 px-3 pb-3">
        {fields.length > 0 && <Differences fields={fields} />}
        <Manifest manifest={manifest} isFolded={fields.length > 0} what={`the manifest of ${kind} ${name}`} />
      </div>
    </details>
  )
}

function Manifest({ manifest, isFolded, what }: { manifest: string; isFolded: boolean; what: string }) {
  const code = <CodeBlock code={manifest} what={what} className="max-h-80" />
  if (!isFolded) return code
  return (
    <details>
      <summary className="rounded-control py-1 text-muted hover:text-ink">The whole object</summary>
      <div className="pt-2">{code}</div>
    </details>
  )
}

const written = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value))

function Differences({ fields }: Pick<PlannedObject, 'fields'>) {
  return (
    <dl className="space-y-2 font-mono text-xs">
      {fields.map(({ path, before, after }) => (
        <div key={path} className="overflow-hidden rounded-control border border-line">
          <dt className="border-b border-line bg-sunken px-2.5 py-1 wrap-anywhere text-muted">{path}</dt>
          {before !== undefined && (
            <dd className="bg-bad-tint px-2.5 py-1 wrap-anywhere whitespace-pre-wrap text-bad">
              <span aria-hidden="true">− </span>
              <span className="sr-only">now: </span>
              {written(before)}
            </dd>
          )}
          {after !== undefined && (
            <dd className="bg-good-tint px-2.5 py-1 wrap-anywhere whitespace-pre-wrap text-good">
              <span aria-hidden="true">+ </span>
              <span className="sr-only">then: </span>
              {written(after)}
            </dd>
          )}
        </div>
      ))}
    </dl>
  )
}
