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

/**
 * A stand-in for apt: "downloads" by making an empty file for each package. Every call that uses the network leaves its
 * arguments in `log`.
 *
 * @param also more of the script, run at each such call before anything is made.
 */
export function fakeApt(log: string, also = '', mirror = 'file:/srv/mirror'): Record<string, string> {
  const apt = `if [ "$1" = indextargets ]; then echo '${mirror}'; exit 0; fi
echo "$@" >> '${log}'
${also}
for last; do :; done
case "$*" in *" download "*) : > "$last.deb";; esac`
  return { 'apt-get': apt, 'apt-config': 'exit 0' }
}

/** A stand-in for dpkg-deb: "unpacks" these files, which are scripts that tell how they were called. */
export function fakeDpkg(...files: readonly string[]): Record<string, string> {
  const say = `#!/bin/sh\\necho "$0" "$@"\\necho "$XTABLES_LIBDIR"\\n# %s\\n`
  const write = (file: string): string =>
    `mkdir -p "$3/$(dirname ${file})"; printf '${say}' ${file} > "$3/${file}"; chmod 755 "$3/${file}"`
  return { 'dpkg-deb': files.map(write).join('\n') }
}
