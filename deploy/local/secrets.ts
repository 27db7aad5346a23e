import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { paths, type Site } from './site.ts'

/** A random password of the stack, made when first asked for and kept in a file that only we can read. */
export function readSecret(site: Site, name: string): string {
  const path = paths.secret(site, name)
  if (!existsSync(path)) writeSecret(site, name, randomBytes(24).toString('base64url'))
  return readFileSync(path, 'utf8')
}

/** Writes whole or not at all. */
export function writeSecret(site: Site, name: string, value: string): void {
  mkdirSync(paths.secret(site, ''), { recursive: true, mode: 0o700 })
  const path = paths.secret(site, name)
  writeFileSync(`${path}.part`, value, { mode: 0o600 })
  renameSync(`${path}.part`, path)
}
