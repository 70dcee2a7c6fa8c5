import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

/** The repository's root. */
export const root = fileURLToPath(new URL('..', import.meta.url))

/** One plain line of progress. */
export function say(line) {
  process.stderr.write(`${line}\n`)
}

/** Runs a program in the root, its output on stderr unless `stdout` is asked for; its exit code. */
export function run(program, args, { env = {}, stdout = false, quiet = false } = {}) {
  const { status, error } = spawnSync(program, args, {
    cwd: root,
    env: { ...process.env, ...env },
    stdio: ['ignore', quiet ? 'ignore' : stdout ? 1 : 2, quiet ? 'ignore' : 2],
  })
  if (error) say(`${program}: ${error.message}`)
  return status ?? 1
}

/** Runs a program that has to succeed; else this process ends with its exit code. */
export function must(program, args, options) {
  const code = run(program, args, options)
  if (code !== 0) process.exit(code)
}
