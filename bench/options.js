import { parseArgs } from 'node:util'
import { rows } from './rows.js'

export const help = `npm run bench -- [options]

Compares paddle-ts with its alternatives, which run alternately with it, and prints a table.

  --rows NAME,NAME   only these rows
  --rounds N         measurements of each row (5; quick: 2)
  --count N          images in a round of the folder rows (1000; quick: 80)
  --runs N           runs in a round of the tensor rows, instead of the default of each row
  --quick            less exact, but takes only a minute or two
  --images DIR       images to use instead of copies of images/demo.jpg
  --load JSON        options of ImageClassifier.load
  --classify JSON    options of classify()
  --json             print the results as JSON instead of the table
  --help             print this help

Rows:
${rows.map(({ name, what, peer }) => `  ${name.padEnd(18)} ${what}${peer ? `; ${peer}` : ''}`).join('\n')}
`

/**
 * Parses the command line.
 *
 * @param {readonly string[]} args
 * @throws Error for invalid arguments
 */
export function readOptions(args) {
  const { values } = parseArgs({
    args,
    options: {
      rows: { type: 'string' },
      rounds: { type: 'string' },
      count: { type: 'string' },
      runs: { type: 'string' },
      quick: { type: 'boolean', default: false },
      images: { type: 'string' },
      load: { type: 'string', default: '{}' },
      classify: { type: 'string', default: '{}' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  })
  return {
    help: values.help,
    json: values.json,
    quick: values.quick,
    rows: chosen(values.rows),
    rounds: positive('rounds', values.rounds) ?? (values.quick ? 2 : 5),
    count: positive('count', values.count) ?? (values.quick ? 80 : 1000),
    runs: positive('runs', values.runs),
    images: values.images,
    load: json('load', values.load),
    classify: json('classify', values.classify),
  }
}

/**
 * @param {string | undefined} text
 * @returns {import('./measure.js').Row[]}
 */
function chosen(text) {
  if (text === undefined) return rows
  return text.split(',').map((name) => {
    const row = rows.find((each) => each.name === name)
    if (!row)
      throw new Error(`There is no row ${name}. The rows are ${rows.map((each) => each.name).join(', ')}.`)
    return row
  })
}

function positive(name, text) {
  if (text === undefined) return undefined
  if (!/^[1-9]\d*$/.test(text)) throw new Error(`--${name} takes a positive integer, not ${text}.`)
  return Number(text)
}

function json(name, text) {
  try {
    return JSON.parse(text)
  } catch {
    throw new Error(`--${name} takes JSON, not ${text}.`)
  }
}
