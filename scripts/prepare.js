// Prepares the working tree: packages, dist/ and the managed Python, each only if it is missing or outdated.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { installPackages, must, root, run, say } from './run.js'

if (!existsSync(join(root, 'node_modules')) || run('npm', ['ls', '--all'], { quiet: true }) !== 0) {
  installPackages()
}

must(process.execPath, ['scripts/build.js'])

if (process.env.PADDLE_TS_PYTHON) say(`Using the Python of PADDLE_TS_PYTHON: ${process.env.PADDLE_TS_PYTHON}`)
else must(process.execPath, ['bin/paddle-ts.js', 'setup'])
