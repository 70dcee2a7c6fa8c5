// Checks the packages that users install for known vulnerabilities. Fails on those of npm with severity high
// or above, and on all of Python. An unreachable service is reported in a line and does not fail the check; a
// failed installation of pip-audit does.
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { pythonOrEnd } from './python-dev.js'
import { root, say } from './run.js'

const serious = ['high', 'critical']

/** The findings of `npm audit --json`, one line per package; undefined when the service was unreachable. */
export function npmFindings(output) {
  const { vulnerabilities, metadata } = parsed(output) ?? {}
  if (!vulnerabilities || !metadata) return undefined
  return Object.values(vulnerabilities)
    .filter(({ severity }) => serious.includes(severity))
    .map(({ name, severity, range }) => `${name} ${range} (${severity})`)
}

/**
 * The findings of `pip-audit -f json`, one line each; undefined when the service did not answer for every
 * package.
 */
export function pipFindings(output) {
  const { dependencies } = parsed(output) ?? {}
  const asked = dependencies?.filter(({ vulns }) => vulns !== undefined) ?? []
  if (asked.length === 0) return undefined
  return asked.flatMap(({ name, version, vulns }) => vulns.map(({ id }) => `${name} ${version} (${id})`))
}

function parsed(output) {
  try {
    return JSON.parse(output)
  } catch {
    return undefined
  }
}

function output(program, args) {
  return spawnSync(program, args, { cwd: root, encoding: 'utf8', timeout: 120_000 }).stdout ?? ''
}

/** Reports the findings; returns whether there are none. */
function tell(what, findings) {
  if (findings === undefined) say(`${what}: the vulnerability service is unreachable.`)
  else if (findings.length === 0) say(`${what}: no known vulnerabilities.`)
  else say(`${what}: known vulnerabilities.\n  ${findings.join('\n  ')}`)
  return findings === undefined || findings.length === 0
}

async function audit() {
  const folder = join(root, '.cache', 'pip-audit')
  const asks = ['-m', 'pip_audit', '-r', 'requirements.txt', '--no-deps', '--disable-pip', '-f', 'json']
  const python = await pythonOrEnd(folder, 'scripts/requirements-audit.txt')
  const npm = npmFindings(output('npm', ['audit', '--omit=dev', '--json']))
  const pip = pipFindings(output(python, [...asks, '--progress-spinner', 'off']))
  const clean = [tell('npm audit', npm), tell('pip-audit', pip)]
  process.exitCode = clean.every(Boolean) ? 0 : 1
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) await audit()
