/** A shell in a container of the deployment: which, what it shows, and how it ended. */
import '@xterm/xterm/css/xterm.css'

import { SquareTerminal } from 'lucide-react'
import { useRef, useState } from 'react'

import type { ExecPod } from '../../src/contract/exec.ts'
import type { DeploymentId } from '../../src/contract/ids.ts'
import type { DeploymentView } from '../../src/modules/deployments/schema.ts'
import { trpc } from '../api/trpc.ts'
import type { TerminalState } from '../api/terminal-socket.ts'
import { Badge, type Tone } from '../ui/badge.tsx'
import { Button } from '../ui/button.tsx'
import { cx } from '../ui/cx.ts'
import { Select } from '../ui/field.tsx'
import { Notice } from '../ui/notice.tsx'
import { useTerminal } from './use-terminal.ts'
import { useWhyNot } from './use-why-not.ts'

/** Pods come and go. */
const LOOK_MS = 10_000

export function TerminalTab({ deployment }: { deployment: DeploymentView }) {
  const { id } = deployment
  const whyNot = useWhyNot(deployment)('exec:open')
  const { names, service, setService } = useService(deployment)
  const { pods, pod, setPod } = usePods(id, service, whyNot === undefined)
  const [attempt, setAttempt] = useState(0)
  const button = useRef<HTMLButtonElement>(null)
  const { box, state } = useTerminal({ id, service, pod, attempt, onLeave: () => button.current?.focus() })

  return (
    <section
      aria-label="Terminal"
      className="overflow-hidden rounded-card border border-line bg-surface shadow-card"
    >
      <div className="flex flex-wrap items-center gap-2 border-b border-line p-2.5">
        <ServiceSelect names={names} value={service} onChange={setService} />
        <PodSelect pods={pods} value={pod} onChange={setPod} />
        <div className="flex flex-1 items-center justify-end gap-2">
          {state && <StateBadge state={state} />}
          <Button
            ref={button}
            variant={state === undefined || state.kind === 'over' ? 'primary' : 'secondary'}
            icon={<SquareTerminal aria-hidden="true" className="size-4" />}
            disabled={whyNot !== undefined}
            title={whyNot}
            onClick={() => setAttempt(attempt + 1)}
          >
            {state ? 'Open again' : 'Open a terminal'}
          </Button>
        </div>
      </div>
      <Words state={state} whyNot={whyNot} />
      <div className={cx('bg-[#12151d] p-2 font-mono', attempt === 0 && 'hidden')}>
        <div ref={box} className="h-[58dvh] min-h-64" />
      </div>
      {attempt > 0 && <Hint />}
    </section>
  )
}

/** The services that are wanted, running or not yet, and the chosen one as long as it is there; else the first. */
function useService({ specs }: DeploymentView) {
  const [chosen, setService] = useState('')
  const names = specs.map(({ name }): string => name)
  return { names, service: names.includes(chosen) ? chosen : (names[0] ?? ''), setService }
}

/** The pods of a service, and the one that is chosen as long as it is there; empty: the newest that is ready. */
function usePods(id: DeploymentId, service: string, enabled: boolean) {
  const [chosen, setPod] = useState('')
  const found = trpc.exec.pods.useQuery({ id }, { enabled, refetchInterval: LOOK_MS })
  const pods = found.data?.pods.filter((each) => each.service === service) ?? []
  return { pods, pod: pods.some(({ pod }) => pod === chosen) ? chosen : '', setPod }
}

function Hint() {
  return (
    <p className="border-t border-line px-3 py-2 text-xs text-muted">
      Ctrl+] leaves the terminal by keyboard. What is typed is kept nowhere; that it was opened stands in the
      audit.
    </p>
  )
}

interface ServiceSelectProps {
  names: readonly string[]
  value: string
  onChange: (service: string) => void
}

function ServiceSelect({ names, value, onChange }: ServiceSelectProps) {
  return (
    <Select aria-label="Service" value={value} onChange={(event) => onChange(event.target.value)}>
      {names.map((name) => (
        <option key={name}>{name}</option>
      ))}
    </Select>
  )
}

interface PodSelectProps {
  pods: readonly ExecPod[]
  value: string
  onChange: (pod: string) => void
}

function PodSelect({ pods, value, onChange }: PodSelectProps) {
  return (
    <Select
      aria-label="Pod"
      className="max-w-full"
      value={value}
      onChange={(event) => onChange(event.target.value)}
    >
      <option value="">Newest pod</option>
      {pods.map(({ pod, isReady }) => (
        <option key={pod} value={pod}>
          {pod}
          {isReady ? '' : ' (not ready)'}
        </option>
      ))}
    </Select>
  )
}

const BADGES: Record<TerminalState['kind'], { label: string; tone: Tone }> = {
  connecting: { label: 'Connecting', tone: 'neutral' },
  open: { label: 'Open', tone: 'good' },
  over: { label: 'Closed', tone: 'neutral' },
}

function StateBadge({ state: { kind } }: { state: TerminalState }) {
  const { label, tone } = BADGES[kind]
  return (
    <Badge tone={tone} dot={kind === 'connecting' ? 'breathing' : 'still'}>
      {label}
    </Badge>
  )
}

function Words({ state, whyNot }: { state: TerminalState | undefined; whyNot: string | undefined }) {
  if (state?.kind === 'open' && state.notice !== undefined) return <Said tone="warn">{state.notice}</Said>
  if (state?.kind === 'over') {
    const { sentence, isFault, requestId } = state
    return (
      <Said tone={isFault ? 'bad' : 'neutral'}>
        {sentence}
        {requestId !== undefined && <span className="block text-xs text-muted">Request {requestId}</span>}
      </Said>
    )
  }
  if (whyNot !== undefined) return <Said tone="neutral">{whyNot}</Said>
  if (state) return null
  return (
    <p className="p-6 text-center text-muted">
      A shell in a running container, to look around. What you change there is gone with the pod.
    </p>
  )
}

function Said({ tone, children }: { tone: Tone; children: React.ReactNode }) {
  return (
    <Notice tone={tone} role="status" className="m-2.5">
      <p>{children}</p>
    </Notice>
  )
}
