/** The vitest projects in the order in which `npm test` runs them, quick ones first. */
export const PROJECTS = ['unit', 'types', 'db', 'kube', 'cluster', 'browser'] as const

export type ProjectName = (typeof PROJECTS)[number]
