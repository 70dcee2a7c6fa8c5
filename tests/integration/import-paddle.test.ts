import { appendFile, cp, mkdir, mkdtemp, readdir, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { execa } from 'execa'
import { interpreterArguments, interpreterEnvironment } from '../../src/python/index.js'
import { testPython } from '../helpers/python.js'
import { wheelVersion } from '../helpers/wheel.js'

interface State {
  readonly version: string
  readonly whole: boolean
  readonly flags: Readonly<Record<string, string>>
  readonly environment: Readonly<Record<string, string>>
}

/** What a wheel's files are. */
interface Found {
  readonly folder: string
  readonly fingerprint: string
  /** Versions by their fingerprints. */
  readonly known: Readonly<Record<string, string>>
}

async function asked(args: readonly string[], variables: Readonly<Record<string, string>>): Promise<unknown> {
  const script = 'tests/helpers/imported_paddle.py'
  const { stdout } = await execa(await testPython(), [...interpreterArguments, script, ...args], {
    env: { ...interpreterEnvironment(), ...variables },
    extendEnv: false,
  })
  return JSON.parse(stdout)
}

async function imported(
  what: 'whole' | 'part' | 'hindered',
  variables: Readonly<Record<string, string>> = {},
): Promise<State> {
  return (await asked([what], variables)) as State
}

test('what a predictor needs of paddle is imported alone, and the core is as after the import of all', async () => {
  const whole = await imported('whole')
  expect(whole).toMatchObject({ version: await wheelVersion(), whole: true })
  expect(await imported('part')).toEqual({ ...whole, whole: false })
  // All of it follows an attempt at a part that fails.
  expect(await imported('hindered')).toEqual(whole)
})

test('all of paddle is imported where the environment sets flags of its', async () => {
  const state = await imported('part', { FLAGS_use_mkldnn: '1' })
  expect([state.whole, state.flags['FLAGS_use_mkldnn']]).toEqual([true, 'True'])
})

describe('the files that a shorter import stands in for', () => {
  let found: Found
  let folder: string
  beforeAll(async () => {
    found = (await asked(['fingerprint'], {})) as Found
    folder = await mkdtemp(join(tmpdir(), 'import-'))
  })
  afterAll(() => rm(folder, { recursive: true }))

  /** The wheel with a copy of one file, to which a line is added: all else of it is linked to. */
  async function withCopy(file: string, line: string): Promise<string> {
    const place = await mkdtemp(join(folder, 'packages-'))
    let [from, to] = [found.folder, join(place, 'paddle')]
    for (const part of file.split('/')) {
      await mkdir(to)
      for (const name of await readdir(from)) {
        if (name !== part) await symlink(join(from, name), join(to, name))
      }
      ;[from, to] = [join(from, part), join(to, part)]
    }
    await cp(from, to)
    await appendFile(to, line)
    return place
  }

  test('have the fingerprint in import_paddle.py that stands for their version', async () => {
    const { fingerprint, known } = found
    const version = await wheelVersion()
    // Of a wheel that is new to the list, what is received is what belongs there.
    expect({ [fingerprint]: version }).toEqual(
      Object.fromEntries(Object.entries(known).filter(([, of]) => of === version)),
    )
  })

  test('may lie elsewhere', async () => {
    const place = await withCopy('base/__init__.py', '')
    const state = (await asked(['part', place], {})) as State
    expect([state.version, state.whole]).toEqual([await wheelVersion(), false])
  })

  test.each(['__init__.py', 'base/__init__.py', 'pir_utils.py', 'utils/__init__.py'])(
    'have all of paddle imported where %s is another one, and what it does is done',
    async (file) => {
      const place = await withCopy(file, '\nimport os\nos.environ["OTHER_PADDLE"] = __file__\n')
      const state = (await asked(['part', place], {})) as State
      expect([state.version, state.whole, state.environment['OTHER_PADDLE']]).toEqual([
        await wheelVersion(),
        true,
        join(place, 'paddle', file),
      ])
    },
  )
})
