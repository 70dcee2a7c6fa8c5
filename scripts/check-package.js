// Checks the files that `npm pack` would package: that none is unexpected, none is missing, and the size is
// within the limits.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { root, say } from './run.js'

/** The allowed files: for each top-level entry, a pattern of the paths in it. */
const allowed = {
  'package.json': /^$/,
  LICENSE: /^$/,
  'README.md': /^$/,
  'README.zh-CN.md': /^$/,
  'CHANGELOG.md': /^$/,
  'CONTRIBUTING.md': /^$/,
  'SECURITY.md': /^$/,
  'requirements.txt': /^$/,
  bin: /^paddle-ts\.js$/,
  dist: /\.(?:js|d\.ts)$|^libturbojpeg\/linux-(?:x64|arm64)\.so$/,
  python:
    /^(?:[a-z_]+\.py|requirements(?:-gpu)?-hashed\.txt|paddle_(?:worker|export|reference)\/[a-z_]+(?:_\d)?\.py)$/,
  examples:
    /^(?:[\w-]+\.(?:ts|mjs|cjs)|README\.md|(?:package|tsconfig)\.json|bring-your-own-network\/[\w-]+\.(?:py|ts|md|txt|csv))$/,
  models:
    /^(?:README\.md|characters-confusion\.png|(?:characters|doctor)\/inference\.(?:pdmodel|pdiparams|pdiparams\.info|yml))$/,
  images: /^(?:(?:demo|cat|astronaut)\.jpg|characters\/[^/]+\.(?:jpg|png|webp))$/,
  docs: /^(?:[a-z-]+\.md|(?:annotated|boxes)\.jpg)$/,
  report: /^page\.(?:css|js)$/,
}

/** Scripts that only the repository needs, although their folder is in the package. */
const ofTheRepository = ['train_demo_model', 'make_character_images', 'make_doctor_model'].map(
  (name) => `python/${name}.py`,
)

/** Files that paddle-ts needs at run time. */
export const needed = [
  ...['LICENSE', 'README.md', 'README.zh-CN.md', 'CHANGELOG.md', 'requirements.txt', 'bin/paddle-ts.js'],
  ...['dist/index.js', 'dist/index.d.ts', 'dist/cli/main.js'],
  ...['dist/libturbojpeg/linux-x64.so', 'dist/libturbojpeg/linux-arm64.so', 'python/requirements-hashed.txt'],
  'python/requirements-gpu-hashed.txt',
  ...['python/start_script.py', 'python/export_model.py', 'python/run_reference.py'],
  ...['models/doctor/inference.pdmodel', 'models/doctor/inference.pdiparams'],
  ...['models/characters/inference.pdmodel', 'models/characters/inference.pdiparams'],
  ...['models/characters/inference.yml', 'images/demo.jpg', 'report/page.js', 'report/page.css'],
]

/** In bytes; about a quarter more than the current size. */
export const limits = { packed: 3_000_000, unpacked: 6_500_000 }

/**
 * The problems of a package of these files, one line each. `isSource` returns whether a file of `src` exists.
 */
export function packageFindings({ size, unpackedSize, files }, isSource) {
  const paths = files.map(({ path }) => path)
  const unexpected = paths
    .filter((path) => !belongs(path))
    .map((path) => `${path} does not belong in the package.`)
  const stale = paths
    .filter((path) => path.startsWith('dist/') && !path.endsWith('.so') && !isSource(sourceOf(path)))
    .map((path) => `${path} has no source in src: run npm run build`)
  const missing = needed
    .filter((path) => !paths.includes(path))
    .map((path) => `${path} is missing from the package.`)
  const sizes = [
    ['packed', size],
    ['unpacked', unpackedSize],
  ]
  const tooLarge = sizes
    .filter(([kind, bytes]) => bytes > limits[kind])
    .map(([kind, bytes]) => `The package has ${bytes} bytes ${kind}; the limit is ${limits[kind]}.`)
  return [...unexpected, ...stale, ...missing, ...tooLarge]
}

function belongs(path) {
  const [top, ...below] = path.split('/')
  return !ofTheRepository.includes(path) && Object.hasOwn(allowed, top) && allowed[top].test(below.join('/'))
}

function sourceOf(path) {
  return path.replace(/^dist\//, 'src/').replace(/(?:\.d\.ts|\.js)$/, '.ts')
}

function check() {
  const args = ['pack', '--dry-run', '--json', '--ignore-scripts']
  const { stdout, stderr, status } = spawnSync('npm', args, { cwd: root, encoding: 'utf8' })
  if (status !== 0) throw new Error(`npm ${args.join(' ')} ended with ${status}.\n${stderr}`)
  const [pack] = JSON.parse(stdout)
  const findings = packageFindings(pack, (path) => existsSync(join(root, path)))
  say(`The package: ${pack.files.length} files, ${pack.size} bytes packed, ${pack.unpackedSize} unpacked.`)
  for (const finding of findings) say(`  ${finding}`)
  process.exitCode = findings.length === 0 ? 0 : 1
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) check()
