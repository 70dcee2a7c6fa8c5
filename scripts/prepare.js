// Makes the working tree ready to run: packages, dist/ and the managed Python, each only where it is missing or old.
import { existsSync, readdirSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { must, root, run, say } from './run.js'

if (!existsSync(join(root, 'node_modules')) || run('npm', ['ls', '--all'], { quiet: true }) !== 0) {
  say('Installing packages')
  must('npm', ['ci', '--no-audit', '--no-fund'])
}

const sources = ['src', 'tsconfig.json', 'tsconfig.build.json', 'package.json', 'package-lock.json']
const built = join(root, 'dist', 'index.js')
if (!existsSync(built) || newest(sources) > statSync(built).mtimeMs) {
  say('Building')
  rmSync(join(root, 'dist'), { recursive: true, force: true })
  if (run('npm', ['run', '--silent', 'build']) !== 0) {
    // tsc writes in spite of errors; what it wrote must not be taken for built.
    rmSync(join(root, 'dist'), { recursive: true, force: true })
    process.exit(1)
  }
}

if (process.env.PADDLE_TS_PYTHON)
  say(`Using the Python that PADDLE_TS_PYTHON names: ${process.env.PADDLE_TS_PYTHON}`)
else must(process.execPath, ['bin/paddle-ts.js', 'setup'])

/** When the newest of the files and folders, and all below them, was changed; a folder is when a file in it goes. */
function newest(names) {
  const paths = names.flatMap((name) => {
    const path = join(root, name)
    if (!statSync(path).isDirectory()) return [path]
    return [path, ...readdirSync(path, { recursive: true }).map((below) => join(path, below))]
  })
  return Math.max(...paths.map((path) => statSync(path).mtimeMs))
}
