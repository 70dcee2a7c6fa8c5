// Runs every test: jest, and pytest in the managed Python. Arguments go to jest, which then runs alone.
import { mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { pythonDev } from './python-dev.js'
import { root, run, say } from './run.js'

const args = process.argv.slice(2)
const reports = join(root, '.cache', 'reports')
rmSync(reports, { recursive: true, force: true })
mkdirSync(reports, { recursive: true })

const results = [runJest()]
if (args.length === 0) results.push(await runPytest())
else say('The Python tests are left out: arguments go to jest alone.')

const passed = sum(results.map((result) => result.passed))
const failed = sum(results.map((result) => result.failed))
process.exitCode = results.every(({ code }) => code === 0) && failed === 0 ? 0 : 1
process.stdout.write(`${passed} passed, ${failed} failed\n`)

function runJest() {
  const report = join(reports, 'jest.json')
  const nodeOptions = `${process.env.NODE_OPTIONS ?? ''} --experimental-vm-modules --disable-warning=ExperimentalWarning`
  const code = run(
    process.execPath,
    [join(root, 'node_modules/jest/bin/jest.js'), '--json', `--outputFile=${report}`, ...args],
    { env: { NODE_OPTIONS: nodeOptions.trim() } },
  )
  return counted(code, report, (text) => {
    const { numPassedTests, numFailedTests, numRuntimeErrorTestSuites } = JSON.parse(text)
    return { passed: numPassedTests, failed: numFailedTests + numRuntimeErrorTestSuites }
  })
}

async function runPytest() {
  const python = await pythonDev()
  const report = join(reports, 'pytest.xml')
  const code = run(python, [
    '-W',
    'ignore',
    '-m',
    'pytest',
    '-q',
    '-p',
    'no:cacheprovider',
    `--junitxml=${report}`,
    'tests/python',
  ])
  return counted(code, report, (text) => {
    const suite = /<testsuite [^>]*>/.exec(text)?.[0] ?? ''
    const count = (name) => Number(new RegExp(` ${name}="(\\d+)"`).exec(suite)?.[1])
    const failed = count('failures') + count('errors')
    return { passed: count('tests') - failed - count('skipped'), failed }
  })
}

/** What a report says; a runner that left none, or failed without saying of what, counts as one failure. */
function counted(code, report, read) {
  let counts = { passed: 0, failed: 0 }
  try {
    counts = read(readFileSync(report, 'utf8'))
  } catch (error) {
    say(`No report of the tests: ${error.message}`)
  }
  return { code, passed: counts.passed, failed: counts.failed || (code === 0 ? 0 : 1) }
}

function sum(numbers) {
  return numbers.reduce((total, number) => total + number, 0)
}
