import { Check, Minus } from 'lucide-react'

import type { Verdict } from '../../src/contract/policy.ts'
import { PageHead } from '../components/page-head.tsx'
import { permissionGrid, ROLE_WORDS, ROLES, type PermissionRow } from '../components/permission-grid.ts'
import { Card } from '../ui/card.tsx'
import { cx } from '../ui/cx.ts'

const groups = permissionGrid()

/** Who may do what: the very table that the server asks. */
export default function PermissionsPage() {
  return (
    <>
      <PageHead title="Permissions">
        <p className="max-w-3xl text-muted">
          Who may do what. The server decides by this very table. Roles of an organisation reach into all its
          teams, but for Member, who sees the teams that they are in. A platform admin runs the installation,
          and has no right inside an organisation.
        </p>
      </PageHead>
      <Card isFlush>
        <section aria-label="Permissions" tabIndex={0} className="relative overflow-x-auto">
          {/* Relative: words for screen readers scroll with their cells, and do not widen the page. */}
          <table className="w-full border-collapse text-left">
            <thead className="text-xs text-muted">
              <tr className="border-b border-line">
                <th scope="col" className="sticky left-0 z-10 bg-surface px-4 py-2 font-medium">
                  Action
                </th>
                {ROLES.map((role) => (
                  <th key={role} scope="col" className="px-2 py-2 text-center font-medium">
                    {ROLE_WORDS[role]}
                  </th>
                ))}
                <th scope="col" className="px-2 py-2 text-center font-medium">
                  When suspended
                </th>
                <th scope="col" className="px-4 py-2 font-medium">
                  API key
                </th>
              </tr>
            </thead>
            {groups.map(({ resource, rows }) => (
              <tbody key={resource} className="border-b border-line last:border-b-0">
                <tr className="bg-sunken">
                  <th
                    scope="rowgroup"
                    colSpan={ROLES.length + 3}
                    className="px-4 py-1.5 text-xs font-semibold first-letter:uppercase"
                  >
                    <span className="sticky left-4 inline-block first-letter:uppercase">{resource}</span>
                  </th>
                </tr>
                {rows.map((row) => (
                  <Row key={row.action} row={row} />
                ))}
              </tbody>
            ))}
          </table>
        </section>
      </Card>
      <Legend />
    </>
  )
}

function Row({ row: { action, verb, verdicts, isAllowedWhenSuspended, keyScope } }: { row: PermissionRow }) {
  return (
    <tr className="border-t border-line first:border-t-0 hover:bg-hover">
      <th
        scope="row"
        title={action}
        className="sticky left-0 z-10 bg-surface px-4 py-1.5 font-normal whitespace-nowrap first-letter:uppercase"
      >
        {verb}
      </th>
      {ROLES.map((role) => (
        <td key={role} className="px-2 py-1.5 text-center">
          <Mark verdict={verdicts[role]} />
        </td>
      ))}
      <td className="px-2 py-1.5 text-center">
        <Mark verdict={isAllowedWhenSuspended ? 'allowed' : 'refused'} />
      </td>
      <td className="px-4 py-1.5 font-mono text-xs whitespace-nowrap text-muted">{keyScope ?? 'never'}</td>
    </tr>
  )
}

const WORDS: Record<Verdict, string> = {
  allowed: 'Yes',
  refused: 'No',
  hidden: 'Not seen',
}

function Mark({ verdict }: { verdict: Verdict }) {
  const Icon = verdict === 'allowed' ? Check : Minus
  return (
    <span className="inline-flex">
      {verdict !== 'hidden' && (
        <Icon
          aria-hidden="true"
          className={cx('size-4', verdict === 'allowed' ? 'text-good' : 'text-muted')}
        />
      )}
      <span className="sr-only">{WORDS[verdict]}</span>
    </span>
  )
}

function Legend() {
  return (
    <ul className="mt-4 flex flex-wrap gap-x-6 gap-y-2 text-muted">
      <li className="flex items-center gap-1.5">
        <Check aria-hidden="true" className="size-4 text-good" /> may do it
      </li>
      <li className="flex items-center gap-1.5">
        <Minus aria-hidden="true" className="size-4" /> sees that it is there, and may not
      </li>
      <li>An empty field: does not even see that it is there.</li>
    </ul>
  )
}
