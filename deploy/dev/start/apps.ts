import type { Component } from '../../local/component.ts'
import { dashboard } from './dashboard.ts'
import { manifests } from './manifests.ts'
import { operator } from './operator.ts'
import { server } from './server.ts'

/** What runs on the stack: Shipyard itself, in the order in which people see it. */
export const apps: readonly Component[] = [dashboard, server, manifests, operator]
