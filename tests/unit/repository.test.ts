import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from '@jest/globals'
import { parse } from 'yaml'

const github = fileURLToPath(new URL('../../.github', import.meta.url))

interface Step {
  readonly uses?: string
  readonly run?: string
}
interface Job {
  readonly permissions?: Record<string, string>
  readonly steps?: readonly Step[]
  readonly needs?: string
  readonly uses?: string
}
interface Workflow {
  readonly permissions: Record<string, string>
  readonly jobs: Record<string, Job>
}

const text = (name: string): string => readFileSync(join(github, 'workflows', name), 'utf8')
const workflow = (name: string): Workflow => parse(text(name)) as Workflow
const stepsOf = ({ jobs }: Workflow, job: string): readonly Step[] => jobs[job]!.steps!

describe.each(readdirSync(join(github, 'workflows')))('%s', (name) => {
  test('pins every action to a commit, with the version beside it', () => {
    const used = text(name).match(/uses: .*/g)!
    expect(used.length).toBeGreaterThan(0)
    for (const line of used) expect(line).toMatch(/^uses: (?:\.\/.*|[\w/-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+)$/)
  })

  test('has read-only permissions', () => {
    expect(workflow(name).permissions).toEqual({ contents: 'read' })
  })
})

test('CI is .ci/run', () => {
  expect(
    stepsOf(workflow('ci.yml'), 'linux-x64')
      .flatMap(({ run }) => run ?? [])
      .at(-1),
  ).toBe('bash .ci/run')
})

test('tags are published after CI, with provenance', () => {
  const release = workflow('release.yml')
  expect(release.jobs['ci']?.uses).toBe('./.github/workflows/ci.yml')
  const { needs, permissions } = release.jobs['publish']!
  expect({ needs, permissions }).toEqual({
    needs: 'ci',
    permissions: { contents: 'read', 'id-token': 'write' },
  })
  const commands = stepsOf(release, 'publish').flatMap(({ run }) => run ?? [])
  expect(commands.at(-1)).toBe('npm publish --provenance --access public')
})

test('a bug report includes the output of doctor', () => {
  const form = parse(readFileSync(join(github, 'ISSUE_TEMPLATE/bug.yml'), 'utf8')) as {
    body: { id?: string; validations?: { required?: boolean }; attributes: { label?: string } }[]
  }
  expect(form.body.find(({ id }) => id === 'doctor')).toMatchObject({
    attributes: { label: 'What `paddle-ts doctor` says' },
    validations: { required: true },
  })
})
