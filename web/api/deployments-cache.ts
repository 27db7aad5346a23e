/** How what a stream tells becomes part of what was asked for before: pure, for every page and every tab. */
import type { DeploymentChange, DeploymentSummary } from '../../src/modules/deployments/schema.ts'

/** What a list was asked for: the input of `deployments.list` as it stands in the query's key. */
export interface ListFilter {
  search?: string | undefined
  phases?: readonly DeploymentSummary['phase'][] | undefined
  templateId?: string | undefined
  ownerId?: string | undefined
}

interface Page {
  items: DeploymentSummary[]
  nextCursor: string | null
}

export interface Pages {
  pages: Page[]
}

/** Newest first, as the server lists them. */
const isOlder = (a: DeploymentSummary, b: DeploymentSummary): boolean =>
  a.createdAt < b.createdAt || (a.createdAt === b.createdAt && a.id < b.id)

function matches(item: DeploymentSummary, { search = '', phases, templateId, ownerId }: ListFilter): boolean {
  const wanted = search.toLowerCase()
  return (
    (wanted === '' || item.displayName.toLowerCase().includes(wanted) || item.name.startsWith(wanted)) &&
    (phases === undefined || phases.includes(item.phase)) &&
    (templateId === undefined || item.template.id === templateId) &&
    (ownerId === undefined || item.owner.id === ownerId)
  )
}

const isListed = ({ pages }: Pages, id: string): boolean =>
  pages.some(({ items }) => items.some((item) => item.id === id))

function replace(data: Pages, id: string, by: DeploymentSummary[]): Pages {
  return {
    ...data,
    pages: data.pages.map((page) => ({
      ...page,
      items: page.items.flatMap((item) => (item.id === id ? by : [item])),
    })),
  }
}

/** Into the page where it belongs by age; below what has been loaded it waits for its page. */
function insert(data: Pages, item: DeploymentSummary): Pages {
  const last = data.pages.length - 1
  const target = data.pages.findIndex(
    ({ items, nextCursor }, index) =>
      items.some((other) => isOlder(other, item)) || (index === last && nextCursor === null),
  )
  if (target < 0) return data
  const pages = data.pages.map((page, index) => {
    if (index !== target) return page
    const place = page.items.findIndex((other) => isOlder(other, item))
    return { ...page, items: page.items.toSpliced(place < 0 ? page.items.length : place, 0, item) }
  })
  return { ...data, pages }
}

/** The list as it is after a change. */
export function applyChange<Data extends Pages>(
  data: Data,
  filter: ListFilter,
  change: DeploymentChange,
): Data {
  const { id } = change
  if (change.kind === 'removed') return isListed(data, id) ? (replace(data, id, []) as Data) : data
  const { deployment } = change
  if (!matches(deployment, filter)) return isListed(data, id) ? (replace(data, id, []) as Data) : data
  return (isListed(data, id) ? replace(data, id, [deployment]) : insert(data, deployment)) as Data
}

/** The last change of each deployment, in the order in which they came. */
export function latestOfEach(changes: readonly DeploymentChange[]): DeploymentChange[] {
  return [...new Map(changes.map((change) => [change.id, change])).values()]
}
