// Runs every test: Jest, with pytest in the managed Python alongside. With arguments, runs Jest only and
// passes them to it.
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { conclude, counted, runJest } from './jest.js'
import { root, runBeside, say } from './run.js'

const args = process.argv.slice(2)
const reports = join(root, '.cache', 'reports')
rmSync(reports, { recursive: true, force: true })

const running = [runJest(args, { report: join(reports, 'jest.json') })]
if (args.length === 0) running.push(runPytest())
else say('Skipping the Python tests: arguments are for Jest only.')
conclude(await Promise.all(running))

async function runPytest() {
  const report = join(reports, 'pytest.xml')
  const code = await runBeside(process.execPath, [join(root, 'scripts/pytest.js'), report], {
    together: true,
  })
  return counted(code, report, (text) => {
    const suite = /<testsuite [^>]*>/.exec(text)?.[0] ?? ''
    const count = (name) => Number(new RegExp(` ${name}="(\\d+)"`).exec(suite)?.[1])
    const failed = count('failures') + count('errors')
    return { passed: count('tests') - failed - count('skipped'), failed }
  })
}
