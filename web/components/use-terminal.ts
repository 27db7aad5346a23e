import { FitAddon } from '@xterm/addon-fit'
import { Terminal } from '@xterm/xterm'
import { useEffect, useRef, useState, useSyncExternalStore, type RefObject } from 'react'

import type { DeploymentId } from '../../src/contract/ids.ts'
import { TerminalSocket, type TerminalState } from '../api/terminal-socket.ts'
import { divertInlineStyles } from '../lib/inline-styles.ts'

/** Dark in both themes: what programs print is made for that. */
const THEME = {
  background: '#12151d',
  foreground: '#e6e8ee',
  cursor: '#e6e8ee',
  selectionBackground: '#3a4563',
}
const SCROLLBACK = 5_000

interface Asked {
  id: DeploymentId
  service: string
  pod: string
  /** Another number opens it anew; 0: not asked for yet. */
  attempt: number
  /** Ctrl+] was pressed. */
  onLeave: () => void
}

/** A terminal in an element of the page, for as long as the page shows it. */
export function useTerminal({ id, service, pod, attempt, onLeave }: Asked): {
  box: RefObject<HTMLDivElement | null>
  state: TerminalState | undefined
} {
  const box = useRef<HTMLDivElement>(null)
  const [socket, setSocket] = useState<TerminalSocket>()
  const leave = useRef(onLeave)
  useEffect(() => {
    leave.current = onLeave
  })
  // What is chosen meanwhile counts from the next opening on.
  const where = useRef({ service, pod })
  useEffect(() => {
    where.current = { service, pod }
  }, [service, pod])

  useEffect(() => {
    const element = box.current
    if (!element || attempt === 0) return undefined
    const screen = paint(element, () => leave.current())
    const { terminal } = screen
    const opened = new TerminalSocket(
      { id, ...where.current },
      {
        write: (bytes, done) => terminal.write(bytes, done),
        size: () => ({ columns: terminal.cols, rows: terminal.rows }),
      },
    )
    terminal.onData((text) => opened.type(text))
    terminal.onResize(({ cols, rows }) => opened.resize({ columns: cols, rows }))
    setSocket(opened)
    terminal.focus()
    return () => {
      opened.close()
      screen.dispose()
    }
  }, [id, attempt])

  const state = useSyncExternalStore(socket?.subscribe ?? never, socket?.snapshot ?? nothing)
  return { box, state }
}

const never = () => () => undefined
const nothing = () => undefined

function paint(element: HTMLElement, onLeave: () => void): { terminal: Terminal; dispose: () => void } {
  const restoreStyles = divertInlineStyles(document)
  const terminal = new Terminal({
    cursorBlink: true,
    fontFamily: getComputedStyle(element).fontFamily,
    fontSize: 13,
    scrollback: SCROLLBACK,
    theme: THEME,
  })
  const fit = new FitAddon()
  terminal.loadAddon(fit)
  terminal.attachCustomKeyEventHandler((event) => {
    if (!(event.ctrlKey && event.code === 'BracketRight')) return true
    event.preventDefault()
    if (event.type === 'keydown') onLeave()
    return false
  })
  terminal.open(element)
  fit.fit()
  const observer = new ResizeObserver(() => fit.fit())
  observer.observe(element)
  return {
    terminal,
    dispose: () => {
      observer.disconnect()
      terminal.dispose()
      restoreStyles()
    },
  }
}
