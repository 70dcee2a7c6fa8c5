const form = /^(\d+)\.(\d+)\.(\d+)$/

/**
 * The requested version, or the next `patch`, `minor` or `major` version after `current`.
 * @throws Error for anything else
 */
export function versionAfter(current, asked) {
  const [major, minor, patch] = numbersOf(current)
  if (asked === 'major') return `${major + 1}.0.0`
  if (asked === 'minor') return `${major}.${minor + 1}.0`
  if (asked === 'patch') return `${major}.${minor}.${patch + 1}`
  const wanted = numbersOf(asked)
  if (wanted === undefined)
    throw new Error(`Expected patch, minor, major or a version such as 1.2.3, got ${asked}.`)
  const difference = wanted.map((part, index) => part - [major, minor, patch][index]).find((by) => by !== 0)
  if (difference < 0) throw new Error(`${asked} is before ${current}, the current version.`)
  return asked
}

function numbersOf(version) {
  return form.exec(version)?.slice(1).map(Number)
}

/**
 * Moves the unreleased changes to the version; returns the new changelog and these changes. They are the
 * first section, `## Unreleased` or `## VERSION (unreleased)`.
 *
 * @throws Error when that section is missing or empty
 */
export function releasedChangelog(text, version, date) {
  const [heading, named] = /^## (?:Unreleased|(\S+) \(unreleased\))$/im.exec(text) ?? []
  const first = /^## .*$/m.exec(text)?.[0]
  if (heading === undefined || heading !== first) {
    throw new Error(
      'CHANGELOG.md does not begin with the unreleased changes.\nList them under: ## Unreleased',
    )
  }
  if (named !== undefined && named !== version) {
    throw new Error(
      `CHANGELOG.md has ${named} as the next version, not ${version}.\nRelease that version, or rename the heading: ## Unreleased`,
    )
  }
  const [before, after] = text.split(heading)
  const notes = after.split(/^## /m)[0].trim()
  if (!/^- /m.test(notes))
    throw new Error('CHANGELOG.md lists no unreleased changes.\nAdd a list item for each change.')
  return { changelog: `${before}## ${version} (${date})${after}`, notes }
}

/**
 * The reason why a package cannot be published with npm provenance, which requires its public repository;
 * undefined if it can.
 */
export function provenanceProblem({ repository }) {
  const url = typeof repository === 'string' ? repository : repository?.url
  if (typeof url === 'string' && /github\.com[/:][^/]+\/[^/]+/.test(url)) return undefined
  return (
    'package.json names no repository on GitHub, which the provenance of npm has to agree with.\n' +
    'Set it: npm pkg set repository.type=git repository.url=git+https://github.com/OWNER/paddle-ts.git'
  )
}
