/** The templates that come with the installation: documents beside this file, one each. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'

import { TemplateName } from '../../contract/names.ts'
import { TemplateDocument } from '../../contract/template.ts'

const folder = join(import.meta.dirname, 'system')

export interface SystemTemplate {
  /** As the file is called, less its ending. */
  readonly name: TemplateName
  readonly document: TemplateDocument
}

/**
 * All of them, by name. They are part of the program, so a fault in one is a fault of the program.
 *
 * @throws {Error} a document is not valid; the message names the file and what to correct
 */
export function readSystemTemplates(): SystemTemplate[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.yaml'))
    .map((file) => readTemplate(file, readFileSync(join(folder, file), 'utf8')))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
}

/** @throws {Error} */
export function readTemplate(file: string, text: string): SystemTemplate {
  const { data: document, error } = TemplateDocument.safeParse(parse(text))
  if (error) {
    const faults = error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`)
    throw new Error(`The template ${file} is not valid. ${faults.join(' ')}`)
  }
  const name = TemplateName.parse(file.replace(/\.yaml$/, ''))
  if (document.metadata.name !== name)
    throw new Error(`The template ${file} must be called ${name} inside too.`)
  return { name, document }
}
