import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { onTestFinished } from 'vitest'

/**
 * Makes a folder of its own for one test and deletes it when the test is over.
 *
 * @param files path inside the folder → content
 * @returns the folder, absolute
 */
export function tempTree(files: Record<string, string>): string {
  const folder = mkdtempSync(join(tmpdir(), 'shipyard-dev-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), content)
  }
  return folder
}
