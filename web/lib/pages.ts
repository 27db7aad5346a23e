/** The code of pages, loaded when one is first looked at, or a little before. routes.tsx says where it is. */
import { lazy, type ComponentType, type LazyExoticComponent } from 'react'

export type PageName =
  | 'sign-in'
  | 'deployment'
  | 'templates'
  | 'deploy'
  | 'admin'
  | 'admin-orgs'
  | 'admin-sessions'
  | 'garbage'
  | 'stripe-inbox'
  | 'api-keys'
  | 'own-api-keys'
  | 'audit'
  | 'permissions'
  | 'sessions'
  | 'invite'
  | 'org'
  | 'org-settings'
  | 'org-members'
  | 'org-teams'
  | 'org-invitations'
  | 'team'
  | 'usage'
  | 'billing'
  | 'tier-select'
  | 'compare'

type Load = () => Promise<{ default: ComponentType }>

const loads = new Map<PageName, Load>()

export function lazyPage(name: PageName, load: Load): LazyExoticComponent<ComponentType> {
  loads.set(name, load)
  return lazy(load)
}

/** Fetches a page's code before it is needed: when the pointer is on the link that leads there. */
export function preloadPage(name: PageName): void {
  // A failure shows when the page is opened; nobody waits for what was only fetched ahead.
  loads
    .get(name)?.()
    .catch(() => undefined)
}
