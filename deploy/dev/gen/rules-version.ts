/**
 * Names everything that a UserDeployment is held against: the text of the contract and of what it is made of, and the
 * version of the library. What was found to be valid by the same rules is not checked again (docs/decisions/056).
 */
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

import { root } from '../root.ts'

const CONTRACT = 'src/contract/crd/user-deployment.ts'

export function generateRulesVersion(): Record<string, string> {
  const hash = createHash('sha256')
  for (const path of [...modulesBehind(CONTRACT)].toSorted()) hash.update(readFileSync(join(root, path)))
  hash.update(versionOf('zod'))
  return {
    'operator/user-deployment/rules-version.generated.ts': `// Written by \`npm run gen\` from ${CONTRACT} and what it imports: change that.
export const RULES_VERSION = '${hash.digest('hex').slice(0, 20)}'
`,
  }
}

/** The module itself and all of ours that it imports, by their paths from the root. */
function modulesBehind(path: string, known = new Set<string>()): Set<string> {
  if (known.has(path)) return known
  known.add(path)
  const text = readFileSync(join(root, path), 'utf8')
  for (const [, relative = ''] of text.matchAll(/from '(\.[^']+)'/g))
    modulesBehind(join(dirname(path), relative), known)
  return known
}

function versionOf(name: string): string {
  const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, { version?: string }>
  }
  return packages[`node_modules/${name}`]?.version ?? ''
}
