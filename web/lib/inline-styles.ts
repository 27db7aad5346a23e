/**
 * For a library that writes styles into the page: our content security policy takes no inline styles, neither as elements
 * nor as attributes. While it is there, what it writes goes the way that scripts of ours may go.
 */

/** @returns how to be as before */
export function divertInlineStyles(document: Document): () => void {
  const sheets: CSSStyleSheet[] = []
  const make: (this: Document, name: string) => HTMLElement = Reflect.get(document, 'createElement')
  const original = (name: string): HTMLElement => make.call(document, name)
  const createElement = (name: string): HTMLElement => {
    if (name === 'style') return sheetLike(original('template'))
    const element = original(name)
    if (name === 'span') element.setAttribute = setAttribute
    return element
  }
  // An empty style element would be refused as well, so another one stands in its place.
  const sheetLike = (element: HTMLElement): HTMLElement => {
    const sheet = new CSSStyleSheet()
    sheets.push(sheet)
    document.adoptedStyleSheets.push(sheet)
    const set = (css: string): void => {
      sheet.replaceSync(css)
    }
    return Object.defineProperty(element, 'textContent', { set })
  }
  Object.defineProperty(document, 'createElement', { value: createElement, configurable: true })
  return () => {
    Reflect.deleteProperty(document, 'createElement')
    document.adoptedStyleSheets = document.adoptedStyleSheets.filter((sheet) => !sheets.includes(sheet))
  }
}

function setAttribute(this: HTMLElement, name: string, value: string): void {
  if (name === 'style') this.style.cssText = value
  else Element.prototype.setAttribute.call(this, name, value)
}
