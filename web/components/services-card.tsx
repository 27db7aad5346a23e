import type { DeploymentView } from '../../src/modules/deployments/schema.ts'
import { Badge, type Tone } from '../ui/badge.tsx'
import { Card } from '../ui/card.tsx'
import { cx } from '../ui/cx.ts'

type Spec = DeploymentView['specs'][number]
type Fact = DeploymentView['services'][number]

const COLUMNS =
  'grid grid-cols-[minmax(0,1fr)_auto] gap-x-4 gap-y-1 sm:grid-cols-[minmax(0,1fr)_6rem_5rem] sm:items-center'

/** What runs: what is wanted of each service, and what is so. */
export function ServicesCard({ deployment }: { deployment: DeploymentView }) {
  const { specs, services, suspended } = deployment
  return (
    <Card title="Services" isFlush>
      <div role="table" aria-label="Services">
        <div role="rowgroup" className="hidden border-b border-line bg-sunken sm:block">
          <div role="row" className={cx(COLUMNS, 'px-4 py-2 text-xs font-medium text-muted')}>
            <span role="columnheader">Service</span>
            <span role="columnheader">Pods ready</span>
            <span role="columnheader" className="text-right">
              Restarts
            </span>
          </div>
        </div>
        <div role="rowgroup">
          {specs.map((spec) => (
            <ServiceRow
              key={spec.name}
              spec={spec}
              fact={services.find(({ name }) => name === spec.name)}
              isSuspended={suspended}
            />
          ))}
        </div>
      </div>
    </Card>
  )
}

/** `registry/path` and the tag or the beginning of the digest. */
function shortImage(image: string): string {
  return image.replace(/@(sha256:[a-f0-9]{12})[a-f0-9]+$/, '@$1')
}

function toneOf(fact: Fact | undefined): Tone {
  if (!fact || fact.desired === 0) return 'neutral'
  if (fact.ready >= fact.desired && fact.updated >= fact.desired) return 'good'
  return fact.reason === null ? 'active' : 'bad'
}

interface ServiceRowProps {
  spec: Spec
  fact: Fact | undefined
  isSuspended: boolean
}

function ServiceRow({ spec, fact, isSuspended }: ServiceRowProps) {
  const { ready, desired, restarts } = fact ?? {
    ready: 0,
    desired: isSuspended ? 0 : (spec.replicas ?? 1),
    restarts: 0,
  }
  return (
    <div role="row" className={cx(COLUMNS, 'border-b border-line px-4 py-3 last:border-0')}>
      <div role="cell" className="min-w-0">
        <What spec={spec} />
      </div>
      <div role="cell" className="figures max-sm:text-right">
        <Badge tone={toneOf(fact)}>
          {ready} of {desired}
          <span className="sm:hidden"> ready</span>
        </Badge>
      </div>
      <div
        role="cell"
        className="figures text-right text-muted max-sm:col-span-2 max-sm:text-left max-sm:text-xs"
      >
        {restarts}
        <span className="sm:hidden"> {restarts === 1 ? 'restart' : 'restarts'}</span>
      </div>
      {fact && <WhyNot fact={fact} />}
    </div>
  )
}

function What({ spec: { name, ports, image, isPinned } }: { spec: Spec }) {
  return (
    <>
      <p className="flex flex-wrap items-center gap-x-2">
        <span className="font-medium">{name}</span>
        <span className="figures text-xs text-muted">
          {ports.map(({ port, protocol }) => (protocol === 'TCP' ? port : `${port}/UDP`)).join(', ')}
        </span>
      </p>
      <p className="truncate font-mono text-xs text-muted" title={image}>
        {shortImage(image)}
      </p>
      {!isPinned && (
        <p className="text-xs text-warn">The tag is not pinned: it may come to mean another image.</p>
      )}
    </>
  )
}

function WhyNot({ fact: { message, reason, ready, desired } }: { fact: Fact }) {
  if (message === null || ready >= desired) return null
  return (
    <p className={cx('col-span-full text-xs wrap-anywhere', reason === null ? 'text-muted' : 'text-bad')}>
      {message}
    </p>
  )
}
