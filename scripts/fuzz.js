// Fuzzes for longer than the regular tests: npm run fuzz, or a part of it: npm run fuzz -- image-bytes
// PADDLE_TS_FUZZ_SEED repeats a run; PADDLE_TS_FUZZ_RUNS sets the number of tries of each property.
import { join } from 'node:path'
import { conclude, runJest } from './jest.js'
import { root } from './run.js'

const anHour = 3_600_000

const asked = process.argv.slice(2)
const paths = (asked.length > 0 ? asked : ['']).map((name) => `tests/fuzz/${name}`)
const result = await runJest(['--runInBand', `--testTimeout=${anHour}`, ...paths], {
  report: join(root, '.cache', 'reports', 'fuzz.json'),
  env: { PADDLE_TS_FUZZ_RUNS: process.env.PADDLE_TS_FUZZ_RUNS ?? '20000' },
})
conclude([result])
