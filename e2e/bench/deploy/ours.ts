/** Deploying by the platform, as a program does it that has the typed client. */
import { newId, type TeamId, type TemplateId } from '../../../src/contract/ids.ts'
import { TemplateName } from '../../../src/contract/names.ts'
import { nameOf } from '../../../src/modules/deployments/name-of.ts'
import { syncSystemTemplates } from '../../../src/modules/templates/sync-system-templates.ts'
import { readSystemTemplates } from '../../../src/modules/templates/system-templates.ts'
import { connectDb } from '../../../src/ports/db/postgres.ts'
import { createClient, type Client } from '../../../src/sdk/create-client.ts'

interface Wish {
  readonly name: string
  readonly create: () => Promise<void>
  readonly delete: () => Promise<void>
}

export interface Platform {
  /** A deployment of a template that is not there yet. */
  wish(template: TemplateName): Wish
}

/** Two services that talk to each other, a variable, a secret and a config file. In this one, web waits for api. */
const ORDERED = TemplateName.parse('hello-stack')
/** The same, started at once, as kubectl does it. */
const AT_ONCE = TemplateName.parse('hello-at-once')
export const TEMPLATES = { ORDERED, AT_ONCE } as const

/** The value of the one secret. */
export const SECRET = 'a value that nobody need guess'

/** @param url of a server in development mode */
export async function openPlatform({ url, dsn }: { url: string; dsn: string }): Promise<Platform> {
  await addTemplate(dsn)
  const answer = await fetch(`${url}/dev/login`, { redirect: 'manual', signal: AbortSignal.timeout(10_000) })
  const cookie = answer.headers.getSetCookie()[0]?.split(';', 1)[0] ?? ''
  const { api } = createClient({ url, cookie })
  const [team] = (await api.auth.me.query()).teams
  if (!team) throw new Error('Whoever signs in first has no team.')
  const templates = await api.templates.list.query({ teamId: team.id })
  return {
    wish(template) {
      const found = templates.find(({ name }) => name === template)
      if (!found) throw new Error(`There is no template ${template}.`)
      return wishFor(api, { teamId: team.id, templateId: found.id })
    },
  }
}

async function addTemplate(dsn: string): Promise<void> {
  const ordered = readSystemTemplates().find(({ name }) => name === ORDERED)
  if (!ordered) throw new Error(`There is no template ${ORDERED}.`)
  const { metadata, services, ...rest } = ordered.document
  const document = {
    ...rest,
    metadata: { ...metadata, name: AT_ONCE },
    services: services.map((service) => ({ ...service, dependsOn: [] })),
  }
  const db = connectDb({ dsn })
  try {
    await syncSystemTemplates({ db }, [{ name: AT_ONCE, document }])
  } finally {
    await db.close()
  }
}

function wishFor(api: Client['api'], wanted: { teamId: TeamId; templateId: TemplateId }): Wish {
  const id = newId('dep')
  return {
    name: nameOf(id),
    async create() {
      await api.deployments.create.mutate({ ...wanted, id, displayName: 'Bench', secrets: { TOKEN: SECRET } })
    },
    async delete() {
      await api.deployments.delete.mutate({ id })
    },
  }
}
