// Runs the Python tests in the managed Python at low priority. The only argument is the path of the report.
import { setPriority } from 'node:os'
import { pythonDev } from './python-dev.js'
import { run } from './run.js'

setPriority(10)
const report = process.argv[2]
const options = ['-q', '-p', 'no:cacheprovider', `--junitxml=${report}`]
process.exitCode = run(await pythonDev(), ['-W', 'ignore', '-m', 'pytest', ...options, 'tests/python'])
