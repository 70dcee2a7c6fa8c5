// Compiles src/ to dist/ and adds libjpeg-turbo, unless dist/ is up to date: npm run build
// npm also runs this script as `prepare`: at the end of `npm ci`, before packing or publishing, and when it
// installs the package from git. Its stdout then belongs to npm.
import { createHash } from 'node:crypto'
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { installPackages, must, root, run, say } from './run.js'

const sources = ['src', 'tsconfig.json', 'tsconfig.build.json', 'package.json', 'package-lock.json']
const dist = join(root, 'dist')
const stamp = join(root, '.cache', 'built.txt')
const compiler = join(root, 'node_modules', 'typescript', 'bin', 'tsc')
/** Only its shared libraries are used: installed, it brings a toolchain of 80 packages. */
const turbo = join(root, 'node_modules', '@julusian', 'jpeg-turbo', 'prebuilds')
/** The variable that is set while this script installs the packages. */
const nested = 'PADDLE_TS_BUILD_INSTALLS'

if (!isBuilt()) {
  if (existsSync(compiler)) build()
  else if (process.env[nested]) {
    say('Cannot build paddle-ts: its development packages do not include TypeScript.')
    process.exit(1)
  } else {
    installPackages({ env: { [nested]: '1' } })
    // npm has run this script again, unless its settings ignore scripts.
    if (!isBuilt()) build()
    if (['ci', 'install'].includes(process.env.npm_command)) removeDevelopmentPackages()
  }
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
  copyTurbo()
  mkdirSync(dirname(stamp), { recursive: true })
  writeFileSync(stamp, fingerprint())
}

/** Copies the libjpeg-turbo of each platform that has one as a shared library. */
function copyTurbo() {
  const folder = join(dist, 'libturbojpeg')
  mkdirSync(folder, { recursive: true })
  for (const platform of ['linux-x64', 'linux-arm64']) {
    copyFileSync(join(turbo, `jpeg-turbo-${platform}`, 'libturbojpeg.so.0'), join(folder, `${platform}.so`))
  }
}

/** npm was told to leave them out, as in `npm ci --omit=dev`; the build is finished. */
function removeDevelopmentPackages() {
  must('npm', ['prune', '--omit=dev', '--ignore-scripts', '--no-dry-run', '--no-audit', '--no-fund'])
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
