/**
 * The lines of a Markdown table, its columns as wide as Prettier makes them; the first row is the head.
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
