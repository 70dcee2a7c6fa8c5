import { markdownTable } from './markdown-table.js'

const head = ['row', 'what is measured', 'paddle-ts', 'peer', 'ratio', 'target', 'reached']

/**
 * Formats the results for a reader: the facts, one table, and what each row was compared with.
 *
 * @param {{ facts: Record<string, string>, results: readonly import('./measure.js').Result[] }} report
 * @returns {string}
 */
export function textOf({ facts, results }) {
  const about = Object.entries(facts).map(([name, value]) => `- ${name}: ${value}`)
  const explained = results.flatMap((result) => {
    const sentences = [
      result.peer && `against ${result.peer}`,
      result.note,
      result.unavailable && `not measured: ${result.unavailable}`,
    ].filter(Boolean)
    return sentences.length > 0 ? [`- \`${result.name}\`: ${sentences.join('; ')}`] : []
  })
  const table = markdownTable([head, ...results.map(cells)])
  return [...about, '', ...table, '', ...explained, ''].join('\n')
}

function cells(result) {
  const { name, what, unit, us, peerValue, ratio, target } = result
  return [
    `\`${name}\``,
    `${what}, ${unit}`,
    us ? spread(us) : 'not measured',
    peerValue ? spread(peerValue) : '',
    ratio ? spread(ratio) : '',
    target ? aim(target, unit) : '',
    result.reached === undefined ? '' : result.reached ? 'yes' : 'no',
  ]
}

/** The median and the range of the rounds. */
function spread({ median, min, max }) {
  return min === max ? round(median) : `${round(median)} (${round(min)}–${round(max)})`
}

function aim(target, unit) {
  const [sign, value] = 'atLeast' in target ? ['≥', target.atLeast] : ['≤', target.atMost]
  return target.of === 'ratio' ? `${sign} ${value.toFixed(2)}` : `${sign} ${value} ${unit}`
}

/** Three significant digits, or all digits before the decimal point. */
function round(value) {
  const size = Math.abs(value)
  return value.toFixed(size >= 100 ? 0 : size >= 10 ? 1 : 2)
}
