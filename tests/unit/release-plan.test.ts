import { expect, test } from '@jest/globals'

interface Plan {
  readonly versionAfter: (current: string, asked: string) => string
  readonly releasedChangelog: (
    text: string,
    version: string,
    date: string,
  ) => { changelog: string; notes: string }
  readonly provenanceProblem: (manifest: { repository?: string | { url: string } }) => string | undefined
}

const script = '../../scripts/release/plan.js'
const { versionAfter, releasedChangelog, provenanceProblem } = (await import(script)) as Plan

test.each([
  ['0.1.9', 'patch', '0.1.10'],
  ['0.1.9', 'minor', '0.2.0'],
  ['0.1.9', 'major', '1.0.0'],
  ['0.1.9', '0.1.9', '0.1.9'],
  ['0.9.9', '0.10.0', '0.10.0'],
  ['0.9.9', '1.0.0', '1.0.0'],
])('after %s, %s is %s', (current, asked, version) => {
  expect(versionAfter(current, asked)).toBe(version)
})

test.each(['', 'next', '1.2', 'v1.2.3', '1.2.3-beta'])('%j is no version', (asked) => {
  expect(() => versionAfter('0.1.0', asked)).toThrow(
    new Error(`Expected patch, minor, major or a version such as 1.2.3, got ${asked}.`),
  )
})

test.each(['0.1.9', '0.2.0'])('0.2.1 is not followed by %s', (asked) => {
  expect(() => versionAfter('0.2.1', asked)).toThrow(
    new Error(`${asked} is before 0.2.1, the current version.`),
  )
})

const before = '# Changelog\n\n## 0.1.0 (2026-01-02)\n\n- Old.\n'

test.each(['## Unreleased', '## 0.2.0 (unreleased)'])('a changelog with %s', (heading) => {
  const text = before.replace('## 0', `${heading}\n\n- New.\n- And\n  more.\n\n## 0`)
  expect(releasedChangelog(text, '0.2.0', '2026-03-04')).toEqual({
    changelog: before.replace('## 0', '## 0.2.0 (2026-03-04)\n\n- New.\n- And\n  more.\n\n## 0'),
    notes: '- New.\n- And\n  more.',
  })
})

test.each([
  [before, 'CHANGELOG.md does not begin with the unreleased changes.\nList them under: ## Unreleased'],
  [
    `${before}\n## Unreleased\n\n- Late.\n`,
    'CHANGELOG.md does not begin with the unreleased changes.\nList them under: ## Unreleased',
  ],
  [
    before.replace('## 0', '## 0.3.0 (unreleased)\n\n- New.\n\n## 0'),
    'CHANGELOG.md has 0.3.0 as the next version, not 0.2.0.\nRelease that version, or rename the heading: ## Unreleased',
  ],
  [
    before.replace('## 0', '## Unreleased\n\n## 0'),
    'CHANGELOG.md lists no unreleased changes.\nAdd a list item for each change.',
  ],
])('a changelog that is not ready: %#', (text, message) => {
  expect(() => releasedChangelog(text, '0.2.0', '2026-03-04')).toThrow(new Error(message))
})

test('npm’s provenance needs a repository', () => {
  expect(provenanceProblem({ repository: 'https://github.com/someone/paddle-ts' })).toBeUndefined()
  const url = 'git+https://github.com/someone/paddle-ts.git'
  expect(provenanceProblem({ repository: { url } })).toBeUndefined()
  for (const repository of [undefined, { url: '' }, 'https://example.org/paddle-ts', 'https://github.com/']) {
    expect(provenanceProblem(repository === undefined ? {} : { repository })).toBe(
      'package.json names no repository on GitHub, which the provenance of npm has to agree with.\n' +
        'Set it: npm pkg set repository.type=git repository.url=git+https://github.com/OWNER/paddle-ts.git',
    )
  }
})
