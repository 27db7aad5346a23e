import { expect, it } from 'vitest'

import { paths, safeRedirect } from './paths.ts'

it('gives every page its address', () => {
  expect({
    deployments: paths.deployments(),
    deployment: paths.deployment('dep_a'),
    logs: paths.deployment('dep_a', 'logs'),
    history: paths.deployment('dep_a', 'history'),
    templates: paths.templates(),
    deploy: paths.deploy('tpl_a'),
    admin: paths.admin(),
    garbage: paths.admin('garbage'),
    sessions: paths.sessions(),
    signIn: paths.signIn(),
    signInFromHome: paths.signIn('/'),
    signInFrom: paths.signIn('/deployments/dep_a?x=1'),
  }).toEqual({
    deployments: '/',
    deployment: '/deployments/dep_a',
    logs: '/deployments/dep_a/logs',
    history: '/deployments/dep_a/history',
    templates: '/templates',
    deploy: '/templates/tpl_a/deploy',
    admin: '/admin/orgs',
    garbage: '/admin/garbage',
    sessions: '/account/sessions',
    signIn: '/sign-in',
    signInFromHome: '/sign-in',
    signInFrom: '/sign-in?redirect=%2Fdeployments%2Fdep_a%3Fx%3D1',
  })
})

it('keeps what stands in an address within its segment', () => {
  expect(paths.deployment('../a?b#c')).toBe('/deployments/..%2Fa%3Fb%23c')
})

it.each(['https://evil.example', '//evil.example', '/\\evil.example', 'javascript:alert(1)', '', null])(
  'does not lead from signing in to another site (%s)',
  (redirect) => {
    expect(safeRedirect(redirect)).toBe('/')
  },
)

it('leads back to the page one came from', () => {
  expect(safeRedirect('/deployments/dep_a/logs?pod=b')).toBe('/deployments/dep_a/logs?pod=b')
})
