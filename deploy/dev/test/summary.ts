/** What a run of one vitest project came to, and how several of them are told to people. */
import { formatTable } from '../table.ts'
import type { ProjectName } from './projects.ts'

export interface Summary {
  project: ProjectName
  files: number
  passed: number
  failed: number
  skipped: number
  seconds: number
  /** Why tests were skipped, with how many for each reason. */
  reasons: Record<string, number>
  /** Files that define no test at this level. */
  empty: string[]
  /** What failed: the file, the names down to the test, and the first line of its error. */
  failures: string[]
}

/** The outcome of a project that ended without giving one: a single failure. */
export const lost = (project: ProjectName, seconds: number): Summary => ({
  project,
  files: 0,
  passed: 0,
  failed: 1,
  skipped: 0,
  seconds,
  reasons: {},
  empty: [],
  failures: ['ended without a result'],
})

/** The line that every test command ends with; scripts read it. */
const lastLine = (count: { passed: number; failed: number; skipped: number }): string =>
  `${count.passed} passed, ${count.failed} failed, ${count.skipped} skipped`

/** Adds up the projects. No test at all is a failure: a filter that matches nothing must not look green. */
export function total(summaries: Summary[]): {
  passed: number
  failed: number
  skipped: number
  ok: boolean
} {
  const sum = { passed: 0, failed: 0, skipped: 0 }
  for (const summary of summaries) {
    sum.passed += summary.passed
    sum.failed += summary.failed
    sum.skipped += summary.skipped
  }
  return { ...sum, ok: sum.failed === 0 && sum.passed > 0 }
}

/** The whole report, ending with {@link lastLine} and a line break. */
export function report(summaries: Summary[], wallSeconds: number): string {
  const count = total(summaries)
  const rows = summaries.map((s) =>
    [s.project, s.files, s.passed, s.failed, s.skipped, s.seconds.toFixed(1)].map(String),
  )
  const lines = [
    ...formatTable(['project', 'files', 'passed', 'failed', 'skipped', 'seconds'], rows),
    ...summaries.flatMap((s) =>
      Object.entries(s.reasons).map(([why, n]) => `skipped in ${s.project}: ${n} (${why})`),
    ),
    ...summaries.flatMap((s) => s.empty.map((file) => `no test at this level: ${file}`)),
    // Once more at the end: whoever reads only the last lines of a long log sees what to look for.
    ...summaries.flatMap((s) => s.failures.map((failure) => `failed in ${s.project}: ${failure}`)),
    `took ${wallSeconds.toFixed(1)} s`,
  ]
  if (count.passed + count.failed + count.skipped === 0) {
    lines.push('No test was found. Give a part of a path that exists, or nothing.')
  }
  return `${[...lines, lastLine(count)].join('\n')}\n`
}
