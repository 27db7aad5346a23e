/** The addresses of the dashboard: no page writes one by hand. */
export const DEPLOYMENT_TABS = ['overview', 'logs', 'terminal', 'activity', 'history', 'settings'] as const
export type DeploymentTab = (typeof DEPLOYMENT_TABS)[number]

/** Pages of who runs the installation. */
export type AdminPage = 'orgs' | 'sessions' | 'garbage' | 'stripe' | 'compare'

/** Pages about an organisation, below its address. */
export type OrgPage =
  | 'settings'
  | 'members'
  | 'teams'
  | 'invitations'
  | 'api-keys'
  | 'audit'
  | 'usage'
  | 'billing'

export const paths = {
  deployments: (): string => '/',
  deployment: (id: string, tab: DeploymentTab = 'overview'): string =>
    `/deployments/${encodeURIComponent(id)}${tab === 'overview' ? '' : `/${tab}`}`,
  templates: (): string => '/templates',
  deploy: (templateId: string): string => `/templates/${encodeURIComponent(templateId)}/deploy`,
  apiKeys: (orgId: string): string => `/orgs/${encodeURIComponent(orgId)}/api-keys`,
  audit: (orgId: string): string => `/orgs/${encodeURIComponent(orgId)}/audit`,
  ownApiKeys: (): string => '/account/api-keys',
  permissions: (): string => '/permissions',
  org: (id: string, page: OrgPage = 'settings'): string => `/orgs/${encodeURIComponent(id)}/${page}`,
  team: (orgId: string, id: string): string => `${paths.org(orgId, 'teams')}/${encodeURIComponent(id)}`,
  invite: (token: string): string => `/invite?token=${encodeURIComponent(token)}`,
  /** Where an owner chooses a plan first. */
  tierSelect: (): string => '/tier/select',
  /** For who runs the installation. */
  admin: (page: AdminPage = 'orgs'): string => `/admin/${page}`,
  /** Where one is signed in. */
  sessions: (): string => '/account/sessions',
  signIn: (redirect?: string): string =>
    redirect === undefined || redirect === '/'
      ? '/sign-in'
      : `/sign-in?redirect=${encodeURIComponent(redirect)}`,
}

/** Addresses that the server answers itself, outside of procedures. */
export const serverPaths = {
  /** Leads to Google and back to `redirect`. */
  login: (redirect: string): string => `/login?redirect=${encodeURIComponent(redirect)}`,
}

/**
 * Where to go after signing in: a path of this site, or its beginning. `//host` and `/\host` are other sites to
 * a browser.
 */
export function safeRedirect(redirect: string | null): string {
  return redirect !== null && /^\/(?![/\\])/.test(redirect) ? redirect : paths.deployments()
}
