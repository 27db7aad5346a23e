import * as Radix from '@radix-ui/react-dropdown-menu'
import { Check } from 'lucide-react'
import type { ReactNode } from 'react'

import { cx } from './cx.ts'

interface MenuProps {
  /** The button; it passes refs and properties on. */
  trigger: ReactNode
  label: string
  /** Open from the start: the press that loaded the menu counts. */
  isOpenAtFirst?: boolean
  children: ReactNode
}

export function Menu({ trigger, label, isOpenAtFirst = false, children }: MenuProps) {
  return (
    // Not modal: a modal one writes a style element, which the content security policy refuses.
    <Radix.Root modal={false} defaultOpen={isOpenAtFirst}>
      <Radix.Trigger asChild>{trigger}</Radix.Trigger>
      <Radix.Portal>
        <Radix.Content
          aria-label={label}
          align="end"
          sideOffset={6}
          collisionPadding={8}
          className="z-50 max-w-[min(20rem,calc(100vw-1rem))] min-w-52 animate-enter rounded-card border border-line bg-surface p-1 shadow-float"
        >
          {children}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  )
}

const ITEM =
  'control-height flex w-full cursor-pointer items-center gap-2.5 rounded-control px-2.5 py-1.5 text-sm outline-none select-none data-highlighted:bg-hover data-disabled:opacity-50 [&>svg]:size-4 [&>svg]:shrink-0'

interface MenuItemProps {
  icon?: ReactNode
  isDanger?: boolean
  isDisabled?: boolean
  onSelect: () => void
  children: ReactNode
}

export function MenuItem({ icon, isDanger = false, isDisabled = false, onSelect, children }: MenuItemProps) {
  return (
    <Radix.Item
      disabled={isDisabled}
      onSelect={onSelect}
      className={cx(ITEM, isDanger ? 'text-bad' : '[&>svg]:text-muted')}
    >
      {icon}
      {children}
    </Radix.Item>
  )
}

interface MenuChoiceProps {
  label: string
  value: string
  options: { value: string; label: string; icon?: ReactNode }[]
  onChange: (value: string) => void
}

/** One of several, inside a menu. */
export function MenuChoice({ label, value, options, onChange }: MenuChoiceProps) {
  return (
    <Radix.RadioGroup value={value} onValueChange={onChange}>
      <Radix.Label className="px-2.5 pt-1.5 pb-1 text-xs font-medium text-muted">{label}</Radix.Label>
      {options.map((option) => (
        <Radix.RadioItem key={option.value} value={option.value} className={cx(ITEM, '[&>svg]:text-muted')}>
          {option.icon}
          <span className="min-w-0 flex-1 truncate">{option.label}</span>
          <Radix.ItemIndicator>
            <Check className="size-4" />
          </Radix.ItemIndicator>
        </Radix.RadioItem>
      ))}
    </Radix.RadioGroup>
  )
}

export const MenuLine = () => <Radix.Separator className="my-1 h-px bg-line" />
