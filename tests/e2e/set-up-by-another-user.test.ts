import '../helpers/nothing-left.js'
import { chmod, mkdir, realpath, rm, symlink } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { expect } from '@jest/globals'
import { execa } from 'execa'
import { ensureEnvironment } from '../../src/environment/ensure-environment.js'
import { paddleTs } from '../helpers/command-line.js'
import { root } from '../helpers/project.js'
import { makeSetUpPlace, type SetUpPlace } from '../helpers/set-up.js'
import { testWhere } from '../helpers/test-where.js'

const testAsRoot = testWhere(process.getuid?.() === 0, 'only root can run a command as another user', {
  byRoot: true,
})

const nobody = 65534

/** What this user may not do first depends on the machine: run the base Python, or write the home. */
const unrepaired =
  /^(?:Cannot write the managed Python at \S+\/lock: Permission denied|\S+ is in a folder that this user may not search)\.$/

async function setUpByRoot(): Promise<SetUpPlace & { readonly python: string }> {
  const place = await makeSetUpPlace()
  const { stdout: basePython } = await execa('which', ['python3'])
  const { path } = await ensureEnvironment({ wheel: await place.wheel(), basePython })
  await chmod(place.folder, 0o755)
  return { ...place, python: path }
}

async function inferAsNobody(place: SetUpPlace) {
  const { stdout, stderr, exitCode } = await paddleTs(['infer', join(root, 'images/demo.jpg'), '--quiet'], {
    env: place.variables,
    cwd: '/',
    uid: nobody,
  })
  return { stdout, stderr, exitCode }
}

testAsRoot('a managed Python whose base Python this user may not run', async () => {
  await using place = await setUpByRoot()
  const { python } = place
  const hidden = join(place.folder, 'of-root')
  const base = join(hidden, basename(await realpath(python)))
  await mkdir(hidden, { mode: 0o700 })
  await symlink(await realpath(python), base)
  await rm(python)
  await symlink(base, python)
  const { stdout, stderr, exitCode } = await inferAsNobody(place)
  expect([stdout, exitCode]).toEqual(['', 1])
  const [what, advice, code] = stderr.split('\n')
  const damage = `The managed Python is damaged: ${python} does not run, because this user may not run ${base}.`
  expect(what!.split(' It cannot be reinstalled: ')).toEqual([damage, expect.stringMatching(unrepaired)])
  expect(advice).toBe(
    `Let this user run ${base}, or install another managed Python: PADDLE_TS_HOME=FOLDER paddle-ts setup`,
  )
  expect(code).toMatch(/^\[(?:ENVIRONMENT_UNWRITABLE|PYTHON_NOT_FOUND)\]$/)
})

testAsRoot('one whose base Python was removed', async () => {
  await using place = await setUpByRoot()
  const { python } = place
  const base = join(place.folder, 'removed')
  await rm(python)
  await symlink(base, python)
  const { stdout, stderr, exitCode } = await inferAsNobody(place)
  expect([stdout, exitCode]).toEqual(['', 1])
  const damage = `The managed Python is damaged: ${python} does not run, because ${base} does not exist.`
  expect(stderr.split('\n')[0]!.split(' It cannot be reinstalled: ')).toEqual([
    damage,
    expect.stringMatching(unrepaired),
  ])
})

testAsRoot('a home that this user may not read', async () => {
  await using place = await setUpByRoot()
  const { home } = place
  await chmod(home, 0o700)
  expect(await inferAsNobody(place)).toEqual({
    stdout: '',
    stderr: `${home}/environment.json cannot be read (EACCES).
Let this user read it, or install another managed Python: PADDLE_TS_HOME=FOLDER paddle-ts setup
[ENVIRONMENT_NOT_READY]`,
    exitCode: 1,
  })
})
