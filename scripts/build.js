// Makes dist/ of src/, unless it is what src/ makes: npm run build
// npm runs it too, as `prepare`: at the end of `npm ci`, before it packs or publishes, and where it installs the package from git. Its
// stdout is npm's own there.
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
  // npm has run this script too, after the packages.
  if (!isBuilt()) build()
}

/** Whether dist/ and all that it is made of are as they were after a build: nothing in it is old, changed or of another making. */
function isBuilt() {
  return existsSync(stamp) && readFileSync(stamp, 'utf8') === fingerprint()
}

function build() {
  say('Building')
  rmSync(dist, { recursive: true, force: true })
  const code = run(process.execPath, [compiler, '-p', 'tsconfig.build.json'])
  if (code !== 0) {
    // tsc writes in spite of errors; what it wrote must not be taken for built.
    rmSync(dist, { recursive: true, force: true })
    process.exit(code)
  }
  mkdirSync(dirname(stamp), { recursive: true })
  writeFileSync(stamp, fingerprint())
}

function bringCompiler() {
  const command = process.env.npm_command
  if (command === 'ci' || command === 'install') {
    say(`paddle-ts is not built, and cannot be: it takes TypeScript, which this npm ${command} has left out.`)
    say(`Install its development packages too: npm ci --include=dev --prefix '${root}'`)
    process.exit(1)
  }
  installPackages()
}

/** The hash of the paths and contents of all sources and of dist/. */
function fingerprint() {
  const hash = createHash('sha256')
  for (const path of [...sources, 'dist'].flatMap((name) => filesIn(join(root, name)))) {
    const content = readFileSync(path)
    hash.update(`${relative(root, path)}\n${content.length}\n`).update(content)
  }
  return hash.digest('hex')
}

/** The file itself, or all below the folder, in the order of their names. */
function filesIn(path) {
  if (!existsSync(path)) return []
  if (!statSync(path).isDirectory()) return [path]
  return readdirSync(path)
    .sort()
    .flatMap((name) => filesIn(join(path, name)))
}
