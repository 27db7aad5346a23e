/**
 * Lays out a table as lines of text. Columns whose cells are all numbers are aligned to the right.
 *
 * @param rows cells without line breaks, as many in each row as there are headings
 */
export function formatTable(headings: string[], rows: string[][]): string[] {
  const widths = headings.map((heading, column) =>
    Math.max(heading.length, ...rows.map((row) => row[column]?.length ?? 0)),
  )
  const numeric = headings.map((_, column) => rows.every((row) => /^[-+]?[\d.,]*$/.test(row[column] ?? '')))
  const layOut = (cells: string[]): string =>
    cells
      .map((cell, column) => {
        const width = widths[column] ?? 0
        return numeric[column] === true ? cell.padStart(width) : cell.padEnd(width)
      })
      .join('  ')
      .trimEnd()
  return [layOut(headings), layOut(widths.map((width) => '-'.repeat(width))), ...rows.map(layOut)]
}
