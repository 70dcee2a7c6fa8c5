// Runs every test: jest, and pytest in the managed Python. Arguments go to jest, which then runs alone.
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { conclude, counted, runJest } from './jest.js'
import { pythonDev } from './python-dev.js'
import { root, run, say } from './run.js'

const args = process.argv.slice(2)
const reports = join(root, '.cache', 'reports')
rmSync(reports, { recursive: true, force: true })

const results = [runJest(args, { report: join(reports, 'jest.json') })]
if (args.length === 0) results.push(await runPytest())
else say('The Python tests are left out: arguments go to jest alone.')
conclude(results)

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
