import { expect, it } from 'vitest'

import type { Component } from './component.ts'
import { selectComponents } from './parts.ts'

const app = (name: string, more: Partial<Component> = {}): Component => ({
  name,
  about: name,
  needs: [],
  start: async () => undefined,
  ...more,
})

const needsOf = (name: string, apps: Component[]): readonly string[] | undefined =>
  selectComponents({
    canRunNode: false,
    wanted: ['kube-controller-manager', ...apps.map((each) => each.name)],
    apps,
  }).find((each) => each.name === name)?.needs

it('lets a part wait for an app that wants to come before it', () => {
  const early = app('early', { needs: ['kube-apiserver'], before: ['kube-controller-manager'] })
  expect(needsOf('kube-controller-manager', [early])).toEqual(['kube-apiserver', 'early'])
  expect(needsOf('kube-controller-manager', [app('other')])).toEqual(['kube-apiserver'])
})
