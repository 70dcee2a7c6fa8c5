import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

/** The root of the repository. */
export const root = fileURLToPath(new URL('..', import.meta.url))

/** Prints a line of progress. */
export function say(line) {
  process.stderr.write(`${line}\n`)
}

/**
 * Runs a program in the root; returns its exit code. Its output goes to stderr, or with `stdout` to stdout.
 */
export function run(program, args, { env = {}, stdout = false, quiet = false } = {}) {
  const { status, error } = spawnSync(program, args, {
    cwd: root,
    env: { ...process.env, ...env },
    stdio: ['ignore', quiet ? 'ignore' : stdout ? 1 : 2, quiet ? 'ignore' : 2],
  })
  if (error) say(`${program}: ${error.message}`)
  return status ?? 1
}

/**
 * Runs a program in the root alongside others; returns its exit code. Its output goes to stderr; with
 * `together`, all at once when it ends, so that the output of parallel programs does not mix.
 */
export async function runBeside(program, args, { env = {}, together = false } = {}) {
  const output = together ? 'pipe' : 2
  const child = spawn(program, args, {
    cwd: root,
    env: { ...process.env, ...env },
    stdio: ['ignore', output, output],
  })
  const said = []
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => said.push(chunk))
  try {
    const [code] = await once(child, 'close')
    return code ?? 1
  } catch (error) {
    say(`${program}: ${error.message}`)
    return 1
  } finally {
    process.stderr.write(Buffer.concat(said))
  }
}

/** Runs a program; if it fails, ends this process with its exit code. */
export function must(program, args, options) {
  const code = run(program, args, options)
  if (code !== 0) process.exit(code)
}

/**
 * Installs the packages of package-lock.json, which also builds dist/; if that fails, ends this process with
 * npm's exit code.
 */
export function installPackages(options) {
  say('Installing packages')
  // npm passes its settings on to child processes: `npm pack --dry-run` must not make this a dry run.
  must('npm', ['ci', '--include=dev', '--no-dry-run', '--no-audit', '--no-fund'], options)
}

/** Returns the stdout of a program in the root; if it fails, ends this process with its exit code. */
export function printed(program, args) {
  const { status, stdout, error } = spawnSync(program, args, {
    cwd: root,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 2],
  })
  if (error) say(`${program}: ${error.message}`)
  if (status !== 0) process.exit(status ?? 1)
  return stdout
}
