import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
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

/**
 * Runs a program in the root beside others; its exit code. What it says goes to stderr: at its end where it is to be
 * `together`, so that two that run at once do not mix.
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

/** Runs a program that has to succeed; else this process ends with its exit code. */
export function must(program, args, options) {
  const code = run(program, args, options)
  if (code !== 0) process.exit(code)
}

/** Installs what package-lock.json names, which builds dist/ too; else this process ends with npm's exit code. */
export function installPackages() {
  say('Installing packages')
  // npm hands its settings on to what it runs: `npm pack --dry-run` is no dry run of this.
  must('npm', ['ci', '--include=dev', '--no-dry-run', '--no-audit', '--no-fund'])
}

/** What a program in the root prints, which has to succeed; else this process ends with its exit code. */
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
