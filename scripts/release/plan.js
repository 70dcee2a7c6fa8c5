const form = /^(\d+)\.(\d+)\.(\d+)$/

/** The version that is asked for: itself, or the next `patch`, `minor` or `major` after `current`. @throws Error when it is neither */
export function versionAfter(current, asked) {
  const [major, minor, patch] = numbersOf(current)
  if (asked === 'major') return `${major + 1}.0.0`
  if (asked === 'minor') return `${major}.${minor + 1}.0`
  if (asked === 'patch') return `${major}.${minor}.${patch + 1}`
  const wanted = numbersOf(asked)
  if (wanted === undefined)
    throw new Error(`Expected patch, minor, major or a version such as 1.2.3, got ${asked}.`)
  const difference = wanted.map((part, index) => part - [major, minor, patch][index]).find((by) => by !== 0)
  if (difference < 0) throw new Error(`${asked} is before ${current}, the version that is there.`)
  return asked
}

function numbersOf(version) {
  return form.exec(version)?.slice(1).map(Number)
}

/**
 * The changelog with what is not released yet under that version, and what it says of it. That is the first section, `## Unreleased` or
 * `## VERSION (unreleased)`.
 *
 * @throws Error when it has none, or nothing in it
 */
export function releasedChangelog(text, version, date) {
  const [heading, named] = /^## (?:Unreleased|(\S+) \(unreleased\))$/im.exec(text) ?? []
  const first = /^## .*$/m.exec(text)?.[0]
  if (heading === undefined || heading !== first) {
    throw new Error(
      'CHANGELOG.md does not begin with what is not released yet.\nWrite what is new under: ## Unreleased',
    )
  }
  if (named !== undefined && named !== version) {
    throw new Error(
      `CHANGELOG.md has ${named} for the next version, not ${version}.\nRelease that, or write: ## Unreleased`,
    )
  }
  const [before, after] = text.split(heading)
  const notes = after.split(/^## /m)[0].trim()
  if (!/^- /m.test(notes))
    throw new Error('CHANGELOG.md says nothing of what is new.\nWrite a line for each change, as a list.')
  return { changelog: `${before}## ${version} (${date})${after}`, notes }
}

/** Why a package cannot be published with a provenance, which names its public repository; none if it can. */
export function provenanceProblem({ repository }) {
  const url = typeof repository === 'string' ? repository : repository?.url
  if (typeof url === 'string' && /github\.com[/:][^/]+\/[^/]+/.test(url)) return undefined
  return (
    'package.json names no repository on GitHub, which the provenance of npm has to agree with.\n' +
    'Set it: npm pkg set repository.type=git repository.url=git+https://github.com/OWNER/paddle-ts.git'
  )
}
