import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { availableParallelism, cpus, release, totalmem } from 'node:os'
import { join } from 'node:path'
import { root } from '../scripts/run.js'

// Runs in the managed Python.
const versionsOf = `
import json, sys
from importlib.metadata import version
from platform import python_version
names = ("paddlepaddle", "numpy", "pillow")
print(json.dumps({"Python": python_version(), **{name: version(name) for name in names}}))
`

/**
 * The facts that a reader needs to judge the numbers and to reproduce them.
 *
 * @param {string} python
 * @param {readonly string[]} args command-line arguments
 * @param {readonly number[]} load load of the machine before the measurements
 * @returns {Record<string, string>}
 */
export function factsOf(python, args, load) {
  const inPython = JSON.parse(execFileSync(python, ['-c', versionsOf], { encoding: 'utf8' }))
  const versions = {
    Node: process.versions.node,
    ...inPython,
    sharp: versionIn('node_modules/sharp'),
    'onnxruntime-node': versionIn('bench/node_modules/onnxruntime-node'),
  }
  return {
    command: ['npm run -s bench', ...(args.length > 0 ? ['--', ...args] : [])].join(' '),
    'paddle-ts': `${versionIn('.')}${commit()}, ${new Date().toISOString().slice(0, 10)}`,
    machine: `${cpus()[0]?.model.trim()}, ${availableParallelism()} cores, ${Math.round(totalmem() / 2 ** 30)} GiB, ${process.platform} ${release()}`,
    'load of the machine before': load.map((each) => each.toFixed(1)).join(', '),
    versions: Object.entries(versions)
      .map(([name, version]) => `${name} ${version}`)
      .join(', '),
  }
}

function versionIn(folder) {
  const file = join(root, folder, 'package.json')
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')).version : 'not installed'
}

/** The checked-out commit, if git knows it, and whether files differ from it. */
function commit() {
  const git = (...args) =>
    execFileSync('git', args, { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim()
  try {
    const changed = git('status', '--porcelain') === '' ? '' : ' with changes'
    return ` at ${git('rev-parse', '--short', 'HEAD')}${changed}`
  } catch {
    return ''
  }
}
