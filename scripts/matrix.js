// Runs the integration tests on every wheel: npm run test:matrix, or on some: npm run test:matrix -- 2.6.2
// Each wheel has an environment of its own under .cache/matrix. They are tested side by side, each by one worker of Jest.
import { existsSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { conclude, runJest } from './jest.js'
import { pythonOfHome } from './python-dev.js'
import { root, say } from './run.js'
import { homeOfWheel, setUpWheel, wheels } from './wheels.js'

/** Tests that another wheel tells nothing new about. */
const leftOut = {
  'set-up.test.ts': 'makes environments of its own',
  'set-up-failures.test.ts': 'makes environments of its own',
  'image-errors.test.ts': 'is about images, and starts no worker',
  'hostile-images.test.ts': 'is about images, and starts no worker',
  'hostile-feeds.test.ts': 'is about what is refused before anything is sent',
  'no-way-in.test.ts': 'is about processes',
  'image-parity.test.ts': 'is about images, and starts no worker',
  'image-classifier.test.ts': 'is about images and their batches',
  'predictor-pool.test.ts': 'is about processes and their queue',
  'shared-memory.test.ts': 'is about memory, and starts no worker',
  'normalise.test.ts': 'is about images, and starts no worker',
  'annotate.test.ts': 'is about images, and starts no worker',
  'decode-parity.test.ts': 'is about images, and starts no worker',
  'image-sources.test.ts': 'is about images, and starts no worker',
  'resample-parity.test.ts': 'is about images, and starts no worker',
  'transforms.test.ts': 'is about images, and starts no worker',
  'object-detector.test.ts': 'is about images and their batches',
  'pipeline.test.ts': 'is about inputs and their batches',
  'reference.test.ts': 'needs OpenCV, which only the default environment has',
  'held-out-characters.test.ts': 'needs OpenCV, which only the default environment has',
  'worker-ends.test.ts': 'is about processes',
  'export-ends.test.ts': 'is about processes and files',
}

const asked = process.argv.slice(2)
const unknown = asked.filter((version) => !wheels.includes(version))
if (unknown.length > 0) {
  say(`Unknown: ${unknown.join(', ')}. The wheels are ${wheels.join(', ')}.`)
  process.exit(2)
}

const folder = 'tests/integration'
for (const name of Object.keys(leftOut)) {
  if (!existsSync(join(root, folder, name))) throw new Error(`${folder}/${name} is left out, but not there.`)
}
const files = readdirSync(join(root, folder)).filter(
  (name) => name.endsWith('.test.ts') && !(name in leftOut),
)
for (const [name, reason] of Object.entries(leftOut)) say(`Left out: ${name}, which ${reason}.`)

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
