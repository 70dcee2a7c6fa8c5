// Tests paddle-ts and the tools that check the Python code on every Python of this machine, 3.9 to 3.13, or
// on some: npm run test:pythons -- 3.9 3.13 Each Python gets a managed environment under .cache/pythons (1.4
// GB), which is removed afterwards unless --keep is set.
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { checkPython } from './check-python.js'
import { findPythons, minors } from './find-pythons.js'
import { runJest } from './jest.js'
import { pythonOfHome, pythonWith } from './python-dev.js'
import { root, run, say } from './run.js'

/** Integration tests of Python code, or of code that depends on the version of Python. */
const tests = ['export-own-network', 'import-paddle', 'predictor', 'reference', 'tensors']

const { values, positionals } = parseArgs({
  options: { keep: { type: 'boolean', default: false } },
  allowPositionals: true,
})
const known = minors.map((minor) => `3.${minor}`)
const unknown = positionals.filter((version) => !known.includes(version))
if (unknown.length > 0) {
  say(`Unknown Python: ${unknown.join(', ')}. The Pythons are ${known.join(', ')}.`)
  process.exit(2)
}
const pythons = (await findPythons()).filter(
  ({ minor }) => positionals.length === 0 || positionals.includes(`3.${minor}`),
)
const missing = (positionals.length > 0 ? positionals : known).filter(
  (version) => !pythons.some(({ minor }) => version === `3.${minor}`),
)
if (missing.length > 0) say(`Not on this machine: ${missing.join(', ')}.`)

const table = []
for (const python of pythons) table.push(await tryOn(python))
process.stdout.write(`${table.map(({ line }) => line).join('\n')}\n`)
const wanting = positionals.length > 0 && missing.length > 0
process.exitCode = table.length > 0 && !wanting && table.every(({ good }) => good) ? 0 : 1

async function tryOn({ path, version }) {
  const folder = join(root, '.cache', 'pythons', version)
  const env = { PADDLE_TS_HOME: join(folder, 'home'), PADDLE_TS_PYTHON: '', PIP_COMPILE: '0' }
  const model = join(folder, 'model')
  const images = ['--img-path', 'images/characters']
  const steps = [
    ['setup', '--python', path],
    ['doctor'],
    ['export', '--model', 'mobilenet_v3_small', '--save-inference-dir', model],
    ['infer', '--model-dir', model, '--img-path', 'images/demo.jpg'],
    ['infer', '--model-dir', 'models/characters', ...images],
    ['verify', '--model-dir', 'models/characters', ...images],
  ]
  say(`Python ${version} (${path})`)
  const begun = performance.now()
  const failed = steps
    .filter((args) => run(process.execPath, ['bin/paddle-ts.js', ...args], { env }) !== 0)
    .map(([name]) => name)
  if (failed.length === 0 && !(await toolsWorkOn(folder, env))) failed.push('the tools of the repository')
  const counts = failed.length > 0 ? { passed: 0, failed: 0, code: 1 } : await testsOn(folder, env)
  if (!values.keep) rmSync(folder, { recursive: true, force: true })
  const seconds = Math.round((performance.now() - begun) / 1000)
  const steady = failed.length === 0 ? 'every command works' : `failed: ${failed.join(', ')}`
  const line = `Python ${version}: ${steady}; tests: ${counts.passed} passed, ${counts.failed} failed (${seconds} s)`
  say(line)
  return { line, good: failed.length === 0 && counts.code === 0 }
}

/** Whether every list of tools installs completely in that Python and the checks of the Python code pass. */
async function toolsWorkOn(folder, env) {
  try {
    const managed = await pythonOfHome(env.PADDLE_TS_HOME)
    await pythonWith(join(folder, 'python-audit'), 'scripts/requirements-audit.txt', { managed })
    return checkPython(await pythonWith(join(folder, 'python-dev'), 'requirements-dev.txt', { managed }))
  } catch (error) {
    say(error.message)
    return false
  }
}

async function testsOn(folder, env) {
  const files = tests.map((name) => join('tests/integration', `${name}.test.ts`))
  const report = join(folder, 'jest.json')
  return runJest(['--maxWorkers=1', ...files], { report, env })
}
