import { writeFile } from 'node:fs/promises'

/** For `/bin/sh`: one word, whatever is in it. */
export function quoted(word: string): string {
  return `'${word.replaceAll("'", String.raw`'\''`)}'`
}

/** A script that runs a command, with its own arguments after those given. */
export async function writeWrapper(
  path: string,
  command: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<void> {
  const exports = Object.entries(env).map(([name, value]) => `export ${name}=${quoted(value)}\n`)
  await writeFile(path, `#!/bin/sh\n${exports.join('')}exec ${command.map(quoted).join(' ')} "$@"\n`, {
    mode: 0o755,
  })
}
