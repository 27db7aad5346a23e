/** The mark: an anchor on a plate. The same as public/favicon.svg. */
export function Brand() {
  return (
    <svg viewBox="0 0 32 32" aria-hidden="true" className="size-7 shrink-0">
      <rect width="32" height="32" rx="8" fill="#3558d4" />
      <g fill="none" stroke="#fff" strokeWidth="2.25" strokeLinecap="round" strokeLinejoin="round">
        <circle cx="16" cy="8.5" r="2.5" />
        <path d="M16 11v14M11.5 14.5h9M7.5 18.5c.5 4 4 6.5 8.5 6.5s8-2.5 8.5-6.5" />
      </g>
    </svg>
  )
}
