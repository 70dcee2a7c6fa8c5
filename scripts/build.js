// Compiles src/ to dist/ unless dist/ is up to date: npm run build npm also runs this script as `prepare`: at
// the end of `npm ci`, before packing or publishing, and when it installs the package from git. Its stdout
// then belongs to npm.
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { installPackages, root, run, say } from './run.js'

const sources = ['src', 'tsconfig.json', 'tsconfig.build.json', 'package.json', 'package-lock.json']
const dist = join(root, 'dist')
const stamp = join(root, '.cache', 'built.txt')
const compiler = join(root, 'node_modules', 'typescript', 'bin', 'tsc')

if (!isBuilt()) {
  if (!existsSync(compiler)) bringCompiler()
  // npm ran this script after installing the packages.
  if (!isBuilt()) build()
}

/** Whether dist/ and its sources are unchanged since the last build. */
function isBuilt() {
  return existsSync(stamp) && readFileSync(stamp, 'utf8') === fingerprint()
}

function build() {
  say('Building')
  rmSync(dist, { recursive: true, force: true })
  const code = run(process.execPath, [compiler, '-p', 'tsconfig.build.json'])
  if (code !== 0) {
    // tsc writes files despite errors; they must not count as a build.
    rmSync(dist, { recursive: true, force: true })
    process.exit(code)
  }
  mkdirSync(dirname(stamp), { recursive: true })
  writeFileSync(stamp, fingerprint())
}

function bringCompiler() {
  const command = process.env.npm_command
  if (command === 'ci' || command === 'install') {
    say(`Cannot build paddle-ts: this npm ${command} did not install TypeScript.`)
    say(`Install the development packages: npm ci --include=dev --prefix '${root}'`)
    process.exit(1)
  }
  installPackages()
}

/** A hash of the paths and contents of all sources and of dist/. */
function fingerprint() {
  const hash = createHash('sha256')
  for (const path of [...sources, 'dist'].flatMap((name) => filesIn(join(root, name)))) {
    const content = readFileSync(path)
    hash.update(`${relative(root, path)}\n${content.length}\n`).update(content)
  }
  return hash.digest('hex')
}

/** The file itself, or all files in the folder, sorted by name. */
function filesIn(path) {
  if (!existsSync(path)) return []
  if (!statSync(path).isDirectory()) return [path]
  return readdirSync(path)
    .sort()
    .flatMap((name) => filesIn(join(path, name)))
}
