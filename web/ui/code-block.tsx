import { cx } from './cx.ts'
import { CopyButton } from './copy-button.tsx'

interface CodeBlockProps {
  code: string
  /** What it is, as in "Copy the manifest". */
  what: string
  className?: string
}

/** Text of a program, as it is. */
export function CodeBlock({ code, what, className }: CodeBlockProps) {
  return (
    <div className="group relative">
      <pre
        // A region that scrolls must be reachable by keys.
        tabIndex={0}
        aria-label={what}
        className={cx(
          'overflow-auto rounded-control border border-line bg-sunken px-3 py-2.5 font-mono text-xs leading-5',
          className,
        )}
      >
        {code}
      </pre>
      <CopyButton text={code} what={what} className="absolute top-1 right-1 bg-sunken" />
    </div>
  )
}
