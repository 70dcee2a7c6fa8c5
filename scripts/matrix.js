// Runs the integration tests on every wheel: npm run test:matrix, or on some: npm run test:matrix -- 2.6.2
// Each wheel has its own environment under .cache/matrix. The wheels are tested in parallel, each by one Jest
// worker.
import { existsSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { conclude, runJest } from './jest.js'
import { pythonOfHome } from './python-dev.js'
import { root, say } from './run.js'
import { homeOfWheel, setUpWheel, wheels } from './wheels.js'

/** Tests that do not depend on the wheel. */
const leftOut = {
  'set-up.test.ts': 'creates its own environments',
  'set-up-failures.test.ts': 'creates its own environments',
  'image-errors.test.ts': 'tests images and starts no worker',
  'hostile-images.test.ts': 'tests images and starts no worker',
  'values-among-images.test.ts': 'tests images and their batches',
  'hostile-feeds.test.ts': 'tests rejections before anything is sent',
  'no-way-in.test.ts': 'tests processes',
  'image-parity.test.ts': 'tests images and starts no worker',
  'image-classifier.test.ts': 'tests images and their batches',
  'predictor-pool.test.ts': 'tests processes and their queue',
  'shared-memory.test.ts': 'tests memory and starts no worker',
  'normalise.test.ts': 'tests images and starts no worker',
  'annotate.test.ts': 'tests images and starts no worker',
  'bmp-parity.test.ts': 'tests images and starts no worker',
  'decode-parity.test.ts': 'tests images and starts no worker',
  'image-sources.test.ts': 'tests images and starts no worker',
  'resample-parity.test.ts': 'tests images and starts no worker',
  'transforms.test.ts': 'tests images and starts no worker',
  'object-detector.test.ts': 'tests images and their batches',
  'pipeline.test.ts': 'tests inputs and their batches',
  'float-steps.test.ts': 'needs OpenCV, which only the default environment has',
  'post-process.test.ts': 'needs OpenCV, which only the default environment has',
  'paddlex-boxes.test.ts': 'needs OpenCV, which only the default environment has',
  'paddlex-transforms.test.ts': 'needs OpenCV, which only the default environment has',
  'reference.test.ts': 'needs OpenCV, which only the default environment has',
  'held-out-characters.test.ts': 'needs OpenCV, which only the default environment has',
  'worker-ends.test.ts': 'tests processes',
  'export-ends.test.ts': 'tests processes and files',
}

const asked = process.argv.slice(2)
const unknown = asked.filter((version) => !wheels.includes(version))
if (unknown.length > 0) {
  say(`Unknown wheel: ${unknown.join(', ')}. The wheels are ${wheels.join(', ')}.`)
  process.exit(2)
}

const folder = 'tests/integration'
for (const name of Object.keys(leftOut)) {
  if (!existsSync(join(root, folder, name)))
    throw new Error(`${folder}/${name} is in the list of skipped tests but does not exist.`)
}
const files = readdirSync(join(root, folder)).filter(
  (name) => name.endsWith('.test.ts') && !(name in leftOut),
)
for (const [name, reason] of Object.entries(leftOut)) say(`Skipped: ${name}, which ${reason}.`)

conclude(await Promise.all((asked.length > 0 ? asked : wheels).map(testOn)))

async function testOn(version) {
  const code = await setUpWheel(version)
  if (code !== 0) return { code, passed: 0, failed: 1 }
  const report = join(root, '.cache', 'reports', `matrix-${version}.json`)
  rmSync(report, { force: true })
  const result = await runJest(['--maxWorkers=1', ...files.map((name) => join(folder, name))], {
    report,
    env: { PADDLE_TS_PYTHON: await pythonOfHome(homeOfWheel(version)) },
    together: true,
  })
  say(`paddle ${version}: ${result.passed} passed, ${result.failed} failed`)
  return result
}
