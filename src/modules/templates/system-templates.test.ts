import { describe, expect, it } from 'vitest'

import { readSystemTemplates, readTemplate } from './system-templates.ts'

const templates = readSystemTemplates()

it('reads all documents of the installation', () => {
  expect(templates.map(({ name }) => name)).toEqual([
    'hello',
    'hello-stack',
    'nginx-unprivileged',
    'postgres',
    'redis',
    'whoami',
  ])
})

describe.each(templates)('$name', ({ document: { services, envVars, ingress } }) => {
  it('names an image with a tag, a user who is not root, and how to see that it is well', () => {
    for (const service of services) {
      expect(service.image).toMatch(/^[^/]+\.[^/]+\/.+:(?!latest)/)
      expect(service.runAsUser).toBeGreaterThan(0)
      expect(service.health).toBeDefined()
    }
  })

  it('asks for secrets that cannot be left out, and explains every question', () => {
    for (const { description, secret, required } of envVars) {
      expect(description).not.toBe('')
      expect(required).toBe(secret)
    }
  })

  it('can be reached from outside unless it is a store', () => {
    const isStore = services.some(({ volumes }) => volumes.length > 0)
    expect(ingress === undefined).toBe(isStore)
  })
})

it('has a stack of two services that talk by name, with a variable, a secret and a file', () => {
  const stack = templates.find(({ name }) => name === 'hello-stack')
  const [web, api] = stack?.document.services ?? []
  expect(web?.env).toContainEqual({ name: 'CALL_URL', value: `http://${api?.name}:${api?.containerPort}/` })
  expect(web?.dependsOn).toEqual([api?.name])
  expect(web?.configFiles).toHaveLength(1)
  expect(stack?.document.envVars.map(({ name, secret, services }) => [name, secret, services])).toEqual([
    ['GREETING', false, ['web']],
    ['TOKEN', true, ['web']],
  ])
})

describe('a document that is not valid', () => {
  const valid =
    'metadata: { name: x, displayName: X, description: X. }\nservices: [{ name: web, image: web:1 }]\n'

  it('is refused with its file and what to correct', () => {
    expect(readTemplate('x.yaml', valid).name).toBe('x')
    expect(() => readTemplate('x.yaml', valid.replace('web:1', 'Web:1'))).toThrow(
      /^The template x\.yaml is not valid\. services\.0\.image: An image is written like/,
    )
    expect(() => readTemplate('y.yaml', valid)).toThrow('must be called y')
  })
})
