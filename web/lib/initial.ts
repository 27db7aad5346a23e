/** The first character as people count them, in capitals: a flag or a letter with its accent is one. */
export function initialOf(text: string): string {
  const [first] = new Intl.Segmenter().segment(text.trim())
  return first?.segment.toUpperCase() ?? '?'
}

/** Up to two letters for a person: `Dana Developer` and `dana.developer@example.com` are DD. */
export function initialsOf(name: string): string {
  const [local = ''] = name.split('@')
  return local
    .split(/[\s._-]+/)
    .filter(Boolean)
    .slice(0, 2)
    .map(initialOf)
    .join('')
}
