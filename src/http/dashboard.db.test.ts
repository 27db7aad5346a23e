import { describe, expect, it } from 'vitest'

import { useWebServer } from '../testing/web-server.ts'
import { useWorld } from '../testing/world.ts'

const world = useWorld()
const web = useWebServer(world)

describe('the dashboard', () => {
  it('keeps what is named by its content for ever, compressed', async () => {
    const { headers } = await web.fetch('/assets/index-B4xq.js', { headers: { 'accept-encoding': 'br' } })
    expect(headers.get('cache-control')).toBe('public, max-age=31536000, immutable')
    expect(headers.get('content-encoding')).toBe('br')
  })

  it.each(['/', '/deployments/dep_x/logs', '/templates'])(
    'begins at %s, asked for each time',
    async (path) => {
      const response = await web.fetch(path, { headers: { accept: 'text/html,*/*' } })
      expect(response.status).toBe(200)
      expect(response.headers.get('cache-control')).toBe('no-cache')
      expect(await response.text()).toContain('<title>Shipyard')
    },
  )

  it.each(['/api/nothing', '/trpc', '/assets/old-hash.js', '/dev/nothing'])('is not at %s', async (path) => {
    const response = await web.fetch(path, { headers: { accept: 'text/html,*/*' } })
    expect(response.status).toBe(404)
    expect(await response.json()).toMatchObject({ code: 'NOT_FOUND' })
  })

  it('leads nowhere out of its folder', async () => {
    for (const path of [
      '/..%2f..%2fetc/passwd',
      '/assets/..%5c..%5cindex.html',
      '/%2e%2e/package.json',
      '/.env',
    ]) {
      const response = await web.fetch(path)
      expect(response.status).toBe(404)
    }
  })
})
