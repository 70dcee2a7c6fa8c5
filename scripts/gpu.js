// Compares GPU and TensorRT with the CPU on a machine with an NVIDIA GPU, and measures throughput and memory:
// npm run test:gpu. It uses PADDLE_TS_PYTHON, or creates an environment under .cache/gpu with
// `paddle-ts setup --device auto`. Without a GPU it tests nothing, says why, and exits with 77.
import { join } from 'node:path'
import { conclude, runJest } from './jest.js'
import { findPythons } from './find-pythons.js'
import { pythonOfHome } from './python-dev.js'
import { root, run, say } from './run.js'

/** What test runners such as Automake take for “skipped”, not for “passed”. */
const SKIPPED = 77

const { readDriver } = await import('../dist/environment/driver.js')
const [python] = await findPythons()
const { gpus, problem, driver } = await readDriver(python.path)
if (gpus.length === 0) {
  const why = problem ?? `the NVIDIA driver ${driver} shows no GPU`
  process.stdout.write(`Nothing was tested, neither a GPU nor TensorRT: ${why}.\n`)
  process.exit(SKIPPED)
}
say(`GPUs: ${gpus.map(({ name }) => name).join(', ')}; NVIDIA driver ${driver}`)
conclude([await test()])

async function test() {
  const chosen = process.env.PADDLE_TS_PYTHON || (await setUp())
  if (chosen === undefined) return { code: 1, passed: 0, failed: 1 }
  // Last: Jest takes every word after it as another pattern.
  const args = ['--maxWorkers=1', 'tests/gpu/', '--testPathIgnorePatterns=/node_modules/']
  return runJest(args, {
    report: join(root, '.cache', 'reports', 'gpu.json'),
    env: { PADDLE_TS_PYTHON: chosen },
  })
}

async function setUp() {
  const home = join(root, '.cache', 'gpu')
  const args = ['bin/paddle-ts.js', 'setup', '--device', 'auto']
  const code = run(process.execPath, args, { env: { PADDLE_TS_HOME: home, PADDLE_TS_PYTHON: '' } })
  return code === 0 ? pythonOfHome(home) : undefined
}
