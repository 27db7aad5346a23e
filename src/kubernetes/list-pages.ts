import { listItems } from './list-items.ts'
import { MalformedStreamError } from './line-splitter.ts'
import { isExpired } from './kube-error.ts'
import type { KubeObject } from './object.ts'
import { guardAgainstSilence } from './silence.ts'
import { acceptOf, collectionOf, isObject, selectorsOf, type WatchRequest } from './watch-stream.ts'

const PAGE = 250

type ListRequest = Omit<WatchRequest, 'resourceVersion' | 'timeoutSeconds'>

/**
 * All objects of a selection, read in pages, each parsed as it arrives.
 *
 * @param beginAnew called when all that came so far is void: from there it comes once more
 * @returns the version that the list is of: a watch goes on from there
 * @throws {KubeError} 410 when the list took longer than the API server keeps its version
 */
export async function* listPages(
  request: ListRequest,
  beginAnew: () => void,
): AsyncGenerator<KubeObject, string, undefined> {
  let page = yield* onePage(request, {})
  while (page.continue !== undefined && page.continue !== '') {
    try {
      page = yield* onePage(request, { continue: page.continue })
    } catch (error) {
      if (!isExpired(error)) throw error
      // A list that is too long for its own version to last: whole, then. What it named may be gone by now.
      beginAnew()
      page = yield* onePage(request, { limit: undefined })
    }
  }
  if (page.resourceVersion === undefined) throw new MalformedStreamError('A list came without its version.')
  return page.resourceVersion
}

interface Page {
  continue?: string
  resourceVersion?: string
}

async function* onePage(
  request: ListRequest,
  query: { continue?: string; limit?: undefined },
): AsyncGenerator<KubeObject, Page, undefined> {
  const { transport, selection } = request
  const path = collectionOf(selection)
  const silence = guardAgainstSilence({ ...request, what: `GET ${path}` })
  try {
    const { body } = await transport.stream({
      method: 'GET',
      path,
      accept: acceptOf(selection, 'List'),
      signal: silence.signal,
      query: { ...selectorsOf(selection), limit: PAGE, ...query },
    })
    silence.heard()
    return yield* objectsOf(listItems(silence.tap(body)))
  } finally {
    silence.end()
  }
}

async function* objectsOf(
  items: AsyncGenerator<unknown, Page, undefined>,
): AsyncGenerator<KubeObject, Page, undefined> {
  for (;;) {
    const next = await items.next()
    if (next.done) return next.value
    if (!isObject(next.value)) throw new MalformedStreamError('A list holds what is no object.')
    yield next.value
  }
}
