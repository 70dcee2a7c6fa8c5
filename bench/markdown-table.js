/**
 * The lines of a Markdown table, with columns as wide as Prettier makes them. The first row is the header.
 *
 * @param {readonly (readonly string[])[]} rows
 * @returns {string[]}
 */
export function markdownTable(rows) {
  const widths = rows[0].map((_, column) => Math.max(3, ...rows.map((row) => row[column].length)))
  const line = (cells) => `| ${cells.map((cell, column) => cell.padEnd(widths[column])).join(' | ')} |`
  const [head, ...others] = rows
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...others.map(line)]
}
