// Compares paddle-ts with its peers: npm run bench -- --help
import { loadavg } from 'node:os'
import { say } from '../scripts/run.js'
import { Bench } from './bench.js'
import { factsOf } from './facts.js'
import { measure } from './measure.js'
import { help, readOptions } from './options.js'
import { textOf } from './report.js'

const args = process.argv.slice(2)
const options = read()
if (options.help) process.stdout.write(help)
else {
  const bench = new Bench(options)
  const load = loadavg()
  const results = []
  for (const row of options.rows) {
    say(`Measuring ${row.name}`)
    results.push(await measure(row, bench))
  }
  // Read last: the measurements install missing packages.
  const facts = factsOf(await bench.python(), args, load)
  process.stdout.write(
    options.json ? `${JSON.stringify({ facts, results }, null, 2)}\n` : textOf({ facts, results }),
  )
}

function read() {
  try {
    return readOptions(args)
  } catch (error) {
    say(error.message)
    process.exit(2)
  }
}
