import { watch, type FSWatcher } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { dirname } from 'node:path'

/** Where the server's token comes from. */
export interface TokenSource {
  /** The token to use now. @throws an `Error` with a sentence when there is none. */
  current(): Promise<string>
  /** Looks again. True when the token is another one than before. */
  refresh(): Promise<boolean>
  close(): void
}

/** A token that stays what it is: `VAULT_TOKEN`. */
export function fixedToken(token: string): TokenSource {
  return { current: async () => token, refresh: async () => false, close: () => undefined }
}

/**
 * A token that others keep in a file and may replace at any time: `VAULT_TOKEN_FILE`. The folder is watched and
 * not the file, because a replaced file, or the links under which Kubernetes mounts a secret, would be lost
 * from sight; where watching is not possible, `refresh` after a refusal still finds the new token.
 *
 * @param onChange called with no argument when the watched file holds another token.
 */
export function tokenFromFile(path: string, onChange: () => void = () => undefined): TokenSource {
  let token: string | undefined
  const refresh = async (): Promise<boolean> => {
    const read = (await readFile(path, 'utf8')).trim()
    const isNew = read !== '' && read !== token
    if (isNew) token = read
    return isNew
  }
  const look = async (): Promise<void> => {
    const before = token
    // Absent for the instant in which it is replaced: the next event, or a refusal by Vault, looks again.
    const isNew = await refresh().catch(() => false)
    if (isNew && before !== undefined) onChange()
  }
  const watcher = watchFolder(dirname(path), () => void look())
  return {
    refresh,
    async current() {
      if (token === undefined) await refresh()
      if (token === undefined) throw new Error(`The file with the token for Vault is empty: ${path}.`)
      return token
    },
    close: () => watcher?.close(),
  }
}

function watchFolder(folder: string, onEvent: () => void): FSWatcher | undefined {
  try {
    const watcher = watch(folder, { persistent: false }, onEvent)
    watcher.on('error', () => watcher.close())
    return watcher
  } catch {
    return undefined // no such folder yet, or no more watches on this machine: see above
  }
}
