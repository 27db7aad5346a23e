/**
 * The page's document for a library that writes styles into it: our content security policy takes no inline styles,
 * neither as elements nor as attributes. What it writes goes the way that scripts of ours may go.
 */

/** @returns the document to give to it, and how to take its styles away */
export function withoutInlineStyles(document: Document): { document: Document; dispose: () => void } {
  const sheets: CSSStyleSheet[] = []
  const createElement = (name: string): HTMLElement => {
    const element = document.createElement(name)
    if (name === 'style') {
      const sheet = new CSSStyleSheet()
      sheets.push(sheet)
      document.adoptedStyleSheets.push(sheet)
      Object.defineProperty(element, 'textContent', { set: (css: string) => sheet.replaceSync(css) })
    } else element.setAttribute = setAttribute
    return element
  }
  const seen = new Proxy(document, {
    get(target, key) {
      if (key === 'createElement') return createElement
      const value: unknown = Reflect.get(target, key, target)
      return typeof value === 'function' ? (value.bind(target) as unknown) : value
    },
  })
  const dispose = (): void => {
    document.adoptedStyleSheets = document.adoptedStyleSheets.filter((sheet) => !sheets.includes(sheet))
  }
  return { document: seen, dispose }
}

function setAttribute(this: HTMLElement, name: string, value: string): void {
  if (name === 'style') this.style.cssText = value
  else Element.prototype.setAttribute.call(this, name, value)
}
