import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { execa } from 'execa'
import { root } from '../helpers/project.js'

/** A repository with the files that the release script uses. Its build and checks only print a line. */
let folder: string
const git = async (...args: string[]): Promise<string> => (await execa('git', args, { cwd: folder })).stdout
const read = (name: string): Promise<string> => readFile(join(folder, name), 'utf8')

async function release(...args: string[]) {
  const { exitCode, stdout, stderr } = await execa('node', ['scripts/release.js', ...args], {
    ...{ cwd: folder, reject: false, stdin: 'ignore' },
  })
  return { exitCode, stdout, stderr }
}

async function setManifest(changes: object): Promise<void> {
  const manifest = JSON.parse(await read('package.json')) as object
  await writeFile(join(folder, 'package.json'), `${JSON.stringify({ ...manifest, ...changes }, null, 2)}\n`)
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'release-'))
  for (const name of ['package.json', 'package-lock.json', 'scripts']) {
    await cp(join(root, name), join(folder, name), { recursive: true })
  }
  await writeFile(join(folder, 'CHANGELOG.md'), '# Changelog\n\n## Unreleased\n\n- It is faster.\n')
  await setManifest({
    version: '0.1.0',
    scripts: { build: 'echo built >>made.txt', check: 'echo checked >>made.txt' },
  })
  await writeFile(join(folder, '.gitignore'), 'made.txt\n')
  await git('init', '--quiet', '--initial-branch=main')
  await git('config', 'user.name', 'Tester')
  await git('config', 'user.email', 'tester@example.org')
  await git('add', '.')
  await git('commit', '--quiet', '-m', 'Begin')
})
afterAll(() => rm(folder, { recursive: true }))

test('a release is rejected until everything is ready', async () => {
  expect(await release()).toMatchObject({
    exitCode: 1,
    stderr: 'Usage: npm run release -- patch|minor|major|VERSION [--dry-run]',
  })
  expect(await release('patch', '--dry-run')).toMatchObject({
    exitCode: 1,
    stderr: expect.stringMatching(/^package\.json names no repository on GitHub,/),
  })
  await setManifest({ repository: { type: 'git', url: 'git+https://github.com/someone/paddle-ts.git' } })
  expect(await release('patch', '--dry-run')).toEqual({
    exitCode: 1,
    stdout: '',
    stderr: 'There are uncommitted changes:\nM package.json\nCommit or stash them.',
  })
  await git('commit', '--quiet', '--all', '-m', 'Name the repository')
  await git('switch', '--quiet', '--create', 'side')
  expect((await release('patch')).stderr).toBe('Releases are created on main, not on side.')
  await git('switch', '--quiet', 'main')
})

test('a dry run prints the steps without performing them', async () => {
  const before = await git('rev-parse', 'HEAD')
  const { exitCode, stderr } = await release('minor', '--dry-run')
  expect(stderr).toMatch(
    /^0\.1\.0 → 0\.2\.0, with this in CHANGELOG\.md under “0\.2\.0 \(\d{4}-\d\d-\d\d\)”:\n\n- It is faster\.\n\nNothing was changed\. /,
  )
  expect(exitCode).toBe(0)
  expect([await git('rev-parse', 'HEAD'), await git('status', '--porcelain'), await git('tag')]).toEqual([
    ...[before, '', ''],
  ])
})

test('a release is checked, committed and tagged', async () => {
  const { exitCode, stderr } = await release('minor')
  expect(stderr).toMatch(/\nv0\.2\.0 is tagged\. Publish it: git push --atomic origin main v0\.2\.0$/)
  expect(exitCode).toBe(0)
  expect(await read('made.txt')).toBe('built\nchecked\n')
  expect(await read('CHANGELOG.md')).toMatch(
    /^# Changelog\n\n## 0\.2\.0 \(\d{4}-\d\d-\d\d\)\n\n- It is faster\.\n$/,
  )
  for (const name of ['package.json', 'package-lock.json']) {
    expect(JSON.parse(await read(name))).toMatchObject({ version: '0.2.0' })
  }
  expect(await git('log', '--format=%s', '-1')).toBe('Release 0.2.0')
  expect(await git('cat-file', 'tag', 'v0.2.0')).toMatch(/\n\npaddle-ts 0\.2\.0\n\n- It is faster\.$/)
  expect(await git('status', '--porcelain')).toBe('')
})

test('a version is not released twice', async () => {
  expect((await release('patch')).stderr).toMatch(
    /^CHANGELOG\.md does not begin with the unreleased changes\.\n/,
  )
  await writeFile(join(folder, 'CHANGELOG.md'), '# Changelog\n\n## Unreleased\n\n- It is faster.\n')
  await git('commit', '--quiet', '--all', '-m', 'Change')
  expect((await release('0.2.0')).stderr).toBe('The tag v0.2.0 already exists.\nRelease a later version.')
})
