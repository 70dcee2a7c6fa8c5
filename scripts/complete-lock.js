// Completes package-lock.json after `npm install`: node scripts/complete-lock.js When a registry or mirror
// lacks the optional packages of other platforms, npm omits them from the lock, and `npm ci` then rejects it.
// This script adds them with the version that their parent pins; npm installs only those of its own platform.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { root, say } from './run.js'

const systems = [
  'aix',
  'android',
  'darwin',
  'freebsd',
  'linux',
  'netbsd',
  'openbsd',
  'openharmony',
  'sunos',
  'win32',
]
const processors = ['arm', 'arm64', 'ia32', 'loong64', 'mips64el', 'ppc64', 'riscv64', 's390x', 'x64']
const libraries = { gnu: 'glibc', musl: 'musl' }

const file = join(root, 'package-lock.json')
const lock = JSON.parse(readFileSync(file, 'utf8'))
for (const [path, entry] of Object.entries({ ...lock.packages })) {
  for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
    const found = isLocked(path, name)
    const platform = platformOf(name)
    if (found || !platform || !/^\d+\.\d+\.\d+$/.test(version)) continue
    lock.packages[`node_modules/${name}`] = {
      version,
      ...(entry.dev && { dev: true }),
      optional: true,
      ...platform,
    }
    say(`Added ${name} ${version}`)
  }
}
lock.packages = Object.fromEntries(Object.entries(lock.packages).sort(([a], [b]) => a.localeCompare(b, 'en')))
writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`)

/** Whether the dependency is installed where Node looks for it from `path`. */
function isLocked(path, name) {
  for (let at = path; ; at = at.slice(0, Math.max(at.lastIndexOf('/node_modules/'), 0))) {
    if (lock.packages[`${at && `${at}/`}node_modules/${name}`]) return true
    if (at === '') return false
  }
}

/** The platform in a package name: `@swc/core-linux-arm64-gnu`. */
function platformOf(name) {
  const parts = name.split('/').at(-1).split('-')
  const system = parts.find((part) => systems.includes(part))
  const processor = parts.find((part) => processors.includes(part))
  const library = parts.find((part) => part in libraries)
  if (!system || !processor) return undefined
  return { os: [system], cpu: [processor], ...(library && { libc: [libraries[library]] }) }
}
