// Tests the GPU wheel of PyPI on a machine without a GPU: npm run test:gpu-wheel [-- --keep]
// Its environment under .cache/matrix takes 3 GB, and is removed afterwards unless --keep is set.
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { conclude, runJest } from './jest.js'
import { pythonOfHome } from './python-dev.js'
import { root, say } from './run.js'
import { gpuWheel, homeOfWheel, setUpWheel } from './wheels.js'

const { values } = parseArgs({ options: { keep: { type: 'boolean', default: false } } })
const home = homeOfWheel(gpuWheel, 'gpu')
// pip would keep the download of 760 MB too.
process.env.PIP_NO_CACHE_DIR ??= '1'
try {
  // The CPU wheel of the same version is what the numbers are compared with.
  conclude([
    (await isSetUp('gpu')) && (await isSetUp('cpu')) ? await test() : { code: 1, passed: 0, failed: 1 },
  ])
} finally {
  if (values.keep) say(`Kept: ${home}`)
  else rmSync(home, { recursive: true, force: true })
}

async function isSetUp(device) {
  return (await setUpWheel(gpuWheel, device)) === 0
}

async function test() {
  // Last: Jest takes every word after it as another pattern.
  const args = ['--maxWorkers=1', 'tests/gpu-wheel/', '--testPathIgnorePatterns=/node_modules/']
  return runJest(args, {
    report: join(root, '.cache', 'reports', 'gpu-wheel.json'),
    env: {
      PADDLE_TS_PYTHON: await pythonOfHome(home),
      CPU_WHEEL_PYTHON: await pythonOfHome(homeOfWheel(gpuWheel)),
    },
  })
}
