/** `--name=value` for each, the way in which every program of the stack reads its flags. */
export function flags(values: Readonly<Record<string, string>>): string[] {
  return Object.entries(values).map(([name, value]) => `--${name}=${value}`)
}
