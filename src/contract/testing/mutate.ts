/** Damages values in ways in which people and programs do: wrong types, off by one, twice, missing, misspelt. */
import fc from 'fast-check'

/** What is put where something else belongs. */
const JUNK: readonly unknown[] = [
  ...[
    '',
    ' ',
    'a',
    'A',
    '-',
    'a-',
    'a--b',
    '.',
    '..',
    '/',
    '/..',
    '/a/../b',
    '//',
    'a/b',
    'a\nb',
    'a\0b',
    'ü',
    '😀',
  ],
  ...[
    '1',
    '0',
    '-1',
    '1e3',
    '0.5',
    '1Gi',
    '1gi',
    '0Mi',
    '01',
    '1001',
    '10000Mi',
    '1.5m',
    '+1',
    'Infinity',
    'true',
  ],
  ...[
    'example.com',
    '*.example.com',
    'Example.com',
    'example.com.',
    '127.0.0.1',
    '127.0.0.1/33',
    '::1/128',
    ':::/1',
  ],
  ...['nginx', 'nginx:', 'nginx@sha256:abc', 'Nginx', 'ghcr.io/a/b:1.2', 'https://ghcr.io/a', 'a'.repeat(64)],
  ...[
    'usr_aaaaaaaaaaaaaaaaaaaaaaaaa',
    'org_aaaaaaaaaaaaaaaaaaaaaaaaa',
    'users/aaaaaaaaaaaaaaaaaaaaaaaaa/secrets',
  ],
  ...[
    'TCP',
    'tcp',
    'public',
    'shared',
    '2030-01-31T12:00:00Z',
    'a'.repeat(300),
    '😀'.repeat(60),
    'é'.repeat(100),
  ],
  ...[
    0, 1, -1, 2, 50, 51, 80, 255, 256, 300, 301, 511, 512, 3600, 65_535, 65_536, 2_147_483_647, 2_147_483_648,
  ],
  ...[0.5, 1.5, 1e20, true, false, [], [''], [1], {}, { name: 'a' }, { a: { b: 1 } }],
]

type Place = readonly (string | number)[]

/** Every value inside a value, by its place. */
function placesOf(value: unknown, place: Place = []): Place[] {
  if (typeof value !== 'object' || value === null) return [place]
  const below = Array.isArray(value)
    ? value.flatMap((item, index) => placesOf(item, [...place, index]))
    : Object.entries(value).flatMap(([name, item]) => placesOf(item, [...place, name]))
  return [place, ...below]
}

type Change = (holder: Record<string | number, unknown>, step: string | number) => void

const changes: fc.Arbitrary<Change> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.constantFrom(...JUNK).map(
      (junk): Change =>
        (holder, step) =>
          (holder[step] = structuredClone(junk)),
    ),
  },
  { weight: 2, arbitrary: fc.constant<Change>((holder, step) => remove(holder, step)) },
  { weight: 1, arbitrary: fc.constant<Change>((holder) => repeatLast(holder)) },
  { weight: 1, arbitrary: fc.constant<Change>((holder) => (holder['misspelt'] = 1)) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(-1, 1).map(
      (by): Change =>
        (holder, step) =>
          shift(holder, step, by),
    ),
  },
)

function remove(holder: Record<string | number, unknown>, step: string | number): void {
  if (Array.isArray(holder)) holder.splice(Number(step), 1)
  else delete holder[step]
}

function repeatLast(holder: Record<string | number, unknown>): void {
  if (Array.isArray(holder)) holder.push(structuredClone(holder.at(-1)))
}

function shift(holder: Record<string | number, unknown>, step: string | number, by: number): void {
  const value = holder[step]
  if (typeof value === 'number') holder[step] = value + by
  else if (typeof value === 'string') holder[step] = by > 0 ? `${value}x` : value.slice(0, -1).toWellFormed()
}

/** The value with one to three changes at any depth; itself never. */
export function damaged<Value>(values: fc.Arbitrary<Value>): fc.Arbitrary<unknown> {
  const where = fc.array(fc.tuple(fc.nat(), changes), { minLength: 1, maxLength: 3 })
  return fc.tuple(values, where).map(([value, picks]) => {
    const whole = { value: structuredClone(value) as unknown }
    for (const [pick, change] of picks) {
      const places = placesOf(whole).filter((place) => place.length > 1)
      const place = places[pick % Math.max(places.length, 1)]
      if (place) change(holderOf(whole, place), place.at(-1) ?? 'value')
    }
    return whole.value
  })
}

function holderOf(whole: unknown, place: Place): Record<string | number, unknown> {
  return place
    .slice(0, -1)
    .reduce((holder, step) => (holder as Record<string | number, unknown>)[step], whole) as Record<
    string | number,
    unknown
  >
}
