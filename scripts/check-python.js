// Checks the Python code: ruff rules, formatting and strict types.
import { pathToFileURL } from 'node:url'
import { pythonDev } from './python-dev.js'
import { run } from './run.js'

const folders = ['python', 'tests/python', 'tests/helpers', 'bench/python', 'examples/bring-your-own-network']
const checks = [
  ['ruff', 'check', ...folders],
  ['ruff', 'format', '--check', ...folders],
  ['mypy', '--strict', ...folders],
]

/** Runs the checks with the tools of that Python; returns whether they pass. */
export function checkPython(python) {
  return checks.map((check) => run(python, ['-m', ...check])).every((code) => code === 0)
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  process.exitCode = checkPython(await pythonDev()) ? 0 : 1
}
