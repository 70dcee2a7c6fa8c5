import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { commandsIn, takeBlocks } from '../helpers/pages.js'
import { makeProject, root, type Project } from '../helpers/project.js'

let project: Project
beforeAll(async () => {
  project = await makeProject()
})
afterAll(async () => {
  await project[Symbol.asyncDispose]()
})

const read = (name: string): string => readFileSync(join(root, name), 'utf8')

test('CONTRIBUTING.md: its scripts and files exist (not run: they run these tests)', async () => {
  const [whole, parts] = await takeBlocks('CONTRIBUTING.md', 'sh sh')
  const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> }
  const lines = [whole, parts].flatMap(commandsIn)
  expect(lines.length).toBeGreaterThan(0)
  for (const line of lines) {
    const [, script = '', file] = /^npm (?:run )?([\w:]+)(?: -- (\S+))?$/.exec(line) ?? []
    expect([line, Object.keys(scripts)]).toEqual([line, expect.arrayContaining([script])])
    expect([line, existsSync(join(root, file ?? ''))]).toEqual([line, true])
  }
  const named = read('CONTRIBUTING.md').matchAll(/`npm run ([\w:]+)|`(check:[a-z]+)`/g)
  const unknown = [...named]
    .flatMap(([, run, check]) => run ?? check ?? [])
    .filter((name) => !(name in scripts))
  expect(unknown).toEqual([])
})

// Tests have no Docker: they run the container's commands here, and compare the rest with the Dockerfile.
test('docs/docker.md (without a container)', async () => {
  const [first, readOnly, own] = await takeBlocks('docs/docker.md', 'sh sh dockerfile')
  const [build, ...runs] = [first, readOnly].flatMap(commandsIn)
  expect(build).toBe('docker build --tag paddle-ts .')
  for (const line of runs) {
    const [, options = '', args = ''] = /^docker run (--.*?) paddle-ts ((?:infer|doctor).*)$/.exec(line) ?? []
    expect([line, options]).toEqual([line, expect.stringMatching(/^--rm --init/)])
    const { exitCode, stdout } = await project.shell(`paddle-ts ${args}`)
    expect([line, exitCode, stdout.split('\n').length]).toEqual([line, 0, 12])
  }
  const ofOurs = read('Dockerfile')
  for (const line of own.split('\n').filter((one) => /^FROM|apt-get|^ENV|setup$/.test(one))) {
    expect([line, ofOurs.replace('RUN PIP_NO_CACHE_DIR=1 ', 'RUN PIP_NO_CACHE_DIR=1 npx ')]).toEqual([
      ...[line, expect.stringContaining(line)],
    ])
  }
})

test('the Dockerfile ends as an unprivileged user, who runs the command in /work', () => {
  const lines = read('Dockerfile').trim().split('\n')
  expect(lines.slice(-5)).toEqual([
    'USER 1000:1000',
    'RUN PIP_NO_CACHE_DIR=1 paddle-ts setup',
    'WORKDIR /work',
    'ENTRYPOINT ["paddle-ts"]',
    'CMD ["--help"]',
  ])
})

test('.dockerignore includes the files of the package, and no others', () => {
  const { files } = JSON.parse(read('package.json')) as { files: string[] }
  const letIn = read('.dockerignore')
    .match(/^!.*/gm)!
    .map((line) => line.slice(1))
  const tops = files.filter((name) => !name.startsWith('!')).map((name) => name.split('/')[0]!)
  const toBuild = [
    ...['package.json', 'package-lock.json', 'tsconfig.json', 'tsconfig.build.json', 'src'],
    ...['scripts/build.js', 'scripts/run.js'],
  ]
  const always = ['LICENSE', 'README.md', 'README.zh-CN.md']
  const wanted = new Set([...tops.filter((name) => name !== 'dist'), ...toBuild, ...always])
  expect(letIn.sort()).toEqual([...wanted].sort())
})
