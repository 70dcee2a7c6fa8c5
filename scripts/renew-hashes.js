// Writes the hash lists: each list of Python packages with the hashes of all files of each version in the
// package index. Run it when a version in a list changes, or for some lists only: node
// scripts/renew-hashes.js requirements-dev.txt
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { lists } from './requirements.js'
import { root, say } from './run.js'

const index = (process.env.PIP_INDEX_URL ?? 'https://pypi.org/simple/').replace(/\/?$/, '/')
/** Files that no supported Python can install, which are most of the index. */
const unfit =
  /win32|win_amd64|win_arm64|musllinux|-pp3|\.exe$|\.egg$|i686|armv7l|ppc64le|s390x|riscv64|-cp3(?:6|7|8)-cp3|emscripten|ios_|android_|graalpy|cp31[34]t|cp314/

const asked = process.argv.slice(2)
const unknown = asked.filter((name) => !lists.some(({ plain }) => plain === name))
if (unknown.length > 0) {
  say(`Unknown list: ${unknown.join(', ')}. The lists are ${lists.map(({ plain }) => plain).join(', ')}.`)
  process.exit(2)
}
for (const list of lists) if (asked.length === 0 || asked.includes(list.plain)) await renew(list)

async function renew({ plain, hashed, purpose }) {
  const lines = [
    `# Made of ${plain} by scripts/renew-hashes.js: ${purpose}, with the hashes of the package index.`,
  ]
  for (const line of readFileSync(join(root, plain), 'utf8').split('\n')) {
    const [, name, version] = /^([\w.-]+)(?:\[[\w,-]+\])?==([^\s;]+)/.exec(line) ?? []
    if (name === undefined) continue
    const hashes = await hashesOf(name, version)
    if (hashes.length === 0) throw new Error(`${index} has no file of ${name} ${version}.`)
    say(`${name} ${version}: ${hashes.length} files`)
    lines.push([line.trim(), ...hashes.map((hash) => `    --hash=sha256:${hash}`)].join(' \\\n'))
  }
  writeFileSync(join(root, hashed), `${lines.join('\n')}\n`)
}

async function hashesOf(name, version) {
  const normal = name.toLowerCase().replace(/[-_.]+/g, '-')
  const response = await globalThis.fetch(`${index}${normal}/`, {
    headers: { Accept: 'application/vnd.pypi.simple.v1+json' },
  })
  const { files } = await response.json()
  const stem = `${normal.replaceAll('-', '_')}-${version}`
  return files
    .filter(({ filename }) => {
      const plain = filename.toLowerCase().replace(/^[\w.-]+?(?=-\d)/, (found) => found.replace(/[-.]/g, '_'))
      return (plain.startsWith(`${stem}-`) || plain === `${stem}.tar.gz`) && !unfit.test(filename)
    })
    .map(({ hashes }) => hashes.sha256)
    .sort()
}
