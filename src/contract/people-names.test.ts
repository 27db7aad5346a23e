import { expect, it } from 'vitest'

import { NAME_MAX, OrgName, OrgSlug, slugFor, TeamName } from './people-names.ts'

it.each(['Ada and friends', 'Команда', '東京', 'Zoë’s team 🚀', 'x'])('takes the name %s', (name) => {
  expect(OrgName.parse(name)).toBe(name)
})

it('makes names alike that look alike', () => {
  expect(TeamName.parse('  Two   spaces ')).toBe('Two spaces')
  expect(TeamName.parse('Zoe\u0308')).toBe('Zoë')
})

it.each([
  ['nothing', ''],
  ['spaces alone', '   '],
  ['10,000 characters', 'x'.repeat(10_000)],
  ['one character too many', 'x'.repeat(NAME_MAX + 1)],
  ['a character that cannot be seen', 'Ada\u200b'],
  ['a turned direction', 'Ada\u202egro'],
  ['a line break', 'Ada\nBob'],
  ['NUL', 'Ada\0'],
  ['half a character', 'Ada\ud800'],
])('refuses %s as a name, with a sentence', (_, name) => {
  expect(OrgName.safeParse(name).error?.issues).toMatchObject([
    { message: expect.stringMatching(/^The name of an organisation has 1 to 60 characters/) },
  ])
})

it('counts characters, not halves of them', () => {
  expect(OrgName.safeParse('🚀'.repeat(NAME_MAX)).success).toBe(true)
})

it.each(['acme', 'a1', 'ada-and-friends', 'x'.repeat(40)])('takes the slug %s', (slug) => {
  expect(OrgSlug.parse(slug)).toBe(slug)
})

it.each([
  'a',
  'Acme',
  'acme-',
  '-acme',
  'ac--me',
  '1st',
  'acme\n',
  'x'.repeat(41),
  'x'.repeat(10_000),
  // The first letter is of the Cyrillic alphabet.
  'асme',
  'акме',
  'zoë',
  'ａｃｍｅ',
  'a/../b',
])('refuses the slug %s, with a sentence', (slug) => {
  expect(OrgSlug.safeParse(slug).error?.issues).toMatchObject([
    { message: expect.stringContaining('letters of other alphabets') },
  ])
})

it.each([
  ['Ada & Söhne', /^ada-sohne-[a-z2-7]{6}$/],
  ['Команда', /^org-[a-z2-7]{6}$/],
  ['3 musketeers', /^musketeers-[a-z2-7]{6}$/],
  ['x'.repeat(100), /^x{30}-[a-z2-7]{6}$/],
])('makes a slug of %s', (name, slug) => {
  expect(OrgSlug.parse(slugFor(name))).toMatch(slug)
})
