// Asks wheels for the methods of their Config and writes src/inference/config/native-methods.ts:
//   node scripts/config-methods.js PYTHON PYTHON …   (one Python for each wheel, oldest first)
import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import prettier from 'prettier'
import { root, say } from './run.js'

const pythons = process.argv.slice(2)
if (pythons.length === 0) {
  say('Name a Python for each wheel: node scripts/config-methods.js .cache/2.6.2/bin/python …')
  process.exit(2)
}
const wheels = pythons.map((python) => {
  const answer = execFileSync(python, ['-W', 'ignore', join(root, 'tests/helpers/native_methods.py')], {
    env: { ...process.env, GLOG_minloglevel: '3' },
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  return JSON.parse(answer)
})
const names = [...new Set(wheels.flatMap(({ methods }) => Object.keys(methods)))].sort()
const versionsOf = (name) => wheels.filter(({ methods }) => name in methods).map(({ paddle }) => paddle)
const all = wheels.map(({ paddle }) => paddle)
const entries = names.map((name) => {
  const versions = versionsOf(name)
  return `'${name}': ${versions.length === all.length ? 'wheels' : JSON.stringify(versions)},`
})
const source = `// Written by scripts/config-methods.js from the wheels themselves.

/** The wheels that were asked. */
export const wheels = ${JSON.stringify(all)} as const

export type Wheel = (typeof wheels)[number]

/** The methods of the native Config, and of what it gives, with the wheels that have them. */
export const nativeMethods = {
  ${entries.join('\n  ')}
} as const satisfies Readonly<Record<string, readonly Wheel[]>>

export type NativeMethod = keyof typeof nativeMethods
`
const file = join(root, 'src/inference/config/native-methods.ts')
const options = await prettier.resolveConfig(file)
writeFileSync(file, await prettier.format(source, { ...options, filepath: file }))
say(`${names.length} methods of ${all.join(', ')} in ${file}`)
