import { expect, it } from 'vitest'

import { root } from '../root.ts'
import { BAN_NAMES, findBanned } from './bans.ts'
import type { SourceFile } from './sources.ts'

const file = (path: string, text: string, bytes = text.length): SourceFile => ({ path, text, bytes })

/** Put together, because this file is held against the bans too. */
const host = ['registry', 'npmjs', 'org'].join('.')
const home = ['', 'home', 'alice', 'code'].join('/')

const BREACHES: Record<string, SourceFile[]> = {
  'no-wall-clock': [file('src/modules/a/b.ts', 'export const x = 1\nexport const now = new Date()')],
  'no-default-export': [file('src/a.ts', 'export default 1'), file('.tool.cjs.ts', 'export default {}')],
  'no-barrel': [
    file('src/a/index.ts', "export * from './b.ts'"),
    file('src/a/all.ts', "import { b } from './b.ts'\nexport { b }\nexport { c } from './c.ts'"),
  ],
  'no-machine-path': [
    file('docs/a.md', `see ${home}/x`),
    file('deploy/x.yaml', `path: "${root}/src"`),
    file('deploy/y.yaml', `path: ${root}`),
  ],
  'no-package-registry': [
    file('Dockerfile', `RUN npm config set registry https://${host}/`),
    file('go.env', `GOPROXY=https://${['proxy', 'golang', 'org'].join('.')}`),
  ],
  'no-big-file': [file('web/public/film.webp', '', 1_000_001)],
}

it.each(Object.entries(BREACHES))('%s is caught, and what to do instead is said', (name, files) => {
  for (const breach of files) {
    const [problem] = findBanned([breach])
    expect(problem, breach.path).toMatch(
      new RegExp(`^${RegExp.escape(breach.path)}:\\d+ ${name}: .+: .+\\.$`),
    )
  }
})

it('has a planted breach for every ban', () => {
  expect(Object.keys(BREACHES)).toEqual(BAN_NAMES)
})

it('gives the line', () => {
  expect(findBanned([file('src/a.ts', 'const a = 1\n\nexport default a')])[0]).toContain('src/a.ts:3 ')
})

it('lets pass what only looks alike', () => {
  const fine = [
    file('src/a.ts', 'export const then = (ms: number) => new Date(ms)'),
    file('src/ports/clock/clock.ts', 'export const now = () => new Date()'),
    file('vitest.config.ts', 'export default {}'),
    file('web/pages/list.tsx', 'export default function List() { return <p>new Date()</p> }'),
    file('src/b.ts', "export type { A } from './a.ts'\nexport const b = 1"),
    file('src/c.ts', "import './a.ts'"),
    file('src/d.ts', "import { root } from '../root.ts'"),
    file('docs/b.md', `the page /users/me/ and the folder x${root}y, new Date(), dl.k8s.io, home/alice/`),
    file('deploy/local/tools/x.ts', 'export default 1'),
    file('web/public/picture.webp', '', 1_000_000),
  ]
  expect(findBanned(fine)).toEqual([])
})
