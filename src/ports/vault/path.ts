import { idBody, UserId } from '../../contract/ids.ts'
import { VaultPath } from '../../contract/names.ts'
import type { SecretFolder } from './port.ts'

/**
 * A path as it may stand in a URL. The brand says that the path was checked; it is checked again here, because
 * a cast is easily written and Vault decodes `%2F` before it looks for the tenant's prefix.
 *
 * @throws {ZodError} the path is none of the layout
 */
export const pathOf = (path: VaultPath): string => encoded(VaultPath.parse(path).split('/'))

/**
 * The folder that lies behind its description.
 *
 * @throws {ZodError | RangeError} it is none of the layout
 */
export function folderOf(folder: SecretFolder): string {
  switch (folder.of) {
    case 'organisations':
      return 'orgs'
    case 'users':
      return 'users'
    case 'services':
      return `${pathOf(folder.below)}/services`
    case 'templates':
    case 'deployments':
      return encoded(['users', idBody(UserId.parse(folder.userId)), folder.of])
    default:
      throw new RangeError('Secrets have no such folder.')
  }
}

const encoded = (segments: readonly string[]): string => segments.map(encodeURIComponent).join('/')
