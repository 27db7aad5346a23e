import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/** A folder for `PATH` with scripts in it. */
export async function commandFolder(
  parent: string,
  scripts: Readonly<Record<string, string>>,
): Promise<string> {
  const folder = join(parent, 'commands')
  await mkdir(folder, { recursive: true })
  for (const [name, text] of Object.entries(scripts)) {
    await writeFile(join(folder, name), `#!/bin/sh\n${text}\n`, { mode: 0o755 })
  }
  return folder
}

/**
 * A stand-in for Go: tells its version, and "builds" by writing the package's name into the file after `-o`. Each build
 * leaves a line in `log`.
 *
 * @param build more of the script, run at each build before the file is written; `$out` is the file.
 */
export function fakeGo(log: string, build = ''): string {
  return `if [ "$1" = env ]; then echo go1.99.0; echo direct; exit 0; fi
for last; do :; done
while [ "$1" != -o ]; do shift; done
out=$2
echo "begin $last" >> '${log}'
${build}
printf '#!/bin/sh\\necho %s\\n' "$last" > "$out"
echo "end $last" >> '${log}'`
}

export async function linesOf(log: string): Promise<string[]> {
  return (await readFile(log, 'utf8')).trim().split('\n')
}
