// Creates a release: npm run release -- patch|minor|major|VERSION [--dry-run] Runs the checks, moves the
// unreleased changes in CHANGELOG.md to the version, commits and tags. After the tag is pushed,
// .github/workflows/release.yml publishes it.
import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { provenanceProblem, releasedChangelog, versionAfter } from './release/plan.js'
import { must, root, say } from './run.js'

const file = (name) => join(root, name)
const git = (...args) => execFileSync('git', args, { cwd: root, encoding: 'utf8' }).trim()

try {
  release(parsed())
} catch (error) {
  say(error.message)
  process.exitCode = 1
}

function parsed() {
  const options = { 'dry-run': { type: 'boolean', default: false } }
  const { values, positionals } = parseArgs({ options, allowPositionals: true })
  const [asked, ...others] = positionals
  if (asked === undefined || others.length > 0) {
    throw new Error('Usage: npm run release -- patch|minor|major|VERSION [--dry-run]')
  }
  return { asked, dryRun: values['dry-run'] }
}

function release({ asked, dryRun }) {
  const manifest = JSON.parse(readFileSync(file('package.json'), 'utf8'))
  const version = versionAfter(manifest.version, asked)
  const tag = `v${version}`
  const date = new Date().toISOString().slice(0, 10)
  const { changelog, notes } = releasedChangelog(readFileSync(file('CHANGELOG.md'), 'utf8'), version, date)
  const problem = provenanceProblem(manifest) ?? treeProblem(tag)
  if (problem !== undefined) throw new Error(problem)
  if (dryRun) {
    say(
      `${manifest.version} → ${version}, with this in CHANGELOG.md under “${version} (${date})”:\n\n${notes}\n`,
    )
    say(
      `Nothing was changed. Without --dry-run, this runs a build and every check and creates the commit “Release ${version}” and the tag ${tag}.`,
    )
    return
  }
  must('npm', ['run', '--silent', 'build'])
  must('npm', ['run', '--silent', 'check'])
  must('npm', ['version', version, '--no-git-tag-version', '--allow-same-version'])
  writeFileSync(file('CHANGELOG.md'), changelog)
  must('git', [
    'commit',
    '--quiet',
    '-m',
    `Release ${version}`,
    '--',
    'package.json',
    'package-lock.json',
    'CHANGELOG.md',
  ])
  must('git', ['tag', '-a', tag, '-m', `paddle-ts ${version}\n\n${notes}`])
  say(`${tag} is tagged. Publish it: git push --atomic origin main ${tag}`)
}

/** The reason why this state of the repository cannot be released; undefined if it can. */
function treeProblem(tag) {
  const branch = git('branch', '--show-current')
  if (branch !== 'main')
    return `Releases are created on main, not on ${branch || 'a commit without a branch'}.`
  const changed = git('status', '--porcelain')
  if (changed !== '') return `There are uncommitted changes:\n${changed}\nCommit or stash them.`
  if (git('tag', '--list', tag) !== '') return `The tag ${tag} already exists.\nRelease a later version.`
  return undefined
}
