import type { Component } from './component.ts'

/** Names of all that must be ready before a component starts. */
export function needsOf(component: Component): string[] {
  return component.within === undefined ? [...component.needs] : [...component.needs, component.within]
}

/** @throws when a component needs one that is not among them */
export function assertNeedsExist(components: readonly Component[]): void {
  const names = new Set(components.map((component) => component.name))
  for (const component of components) {
    for (const need of needsOf(component)) {
      if (!names.has(need)) throw new Error(`${component.name} needs ${need}, which is not there`)
    }
  }
}

/** Waves in which to stop: each holds the components that nothing left running needs. */
export function stopOrder(components: readonly Component[]): Component[][] {
  const waves: Component[][] = []
  let left = [...components]
  while (left.length > 0) {
    const needed = new Set(left.flatMap(needsOf))
    const wave = left.filter((component) => !needed.has(component.name))
    if (wave.length === 0) throw new Error('Components need each other in a circle.')
    waves.push(wave)
    left = left.filter((component) => needed.has(component.name))
  }
  return waves
}
