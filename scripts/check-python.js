// Checks the Python code: ruff's rules and format, and strict types.
import { pythonDev } from './python-dev.js'
import { run } from './run.js'

const folders = ['python', 'tests/python', 'tests/helpers', 'bench/python', 'examples/bring-your-own-network']
const python = await pythonDev()
const checks = [
  ['ruff', 'check', ...folders],
  ['ruff', 'format', '--check', ...folders],
  ['mypy', '--strict', ...folders],
]
const codes = checks.map((check) => run(python, ['-m', ...check]))
process.exitCode = codes.every((code) => code === 0) ? 0 : 1
