import '../helpers/nothing-left.js'
import {
  chmodSync,
  chownSync,
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals'
import { PaddleError } from '../../src/errors.js'
import { modelOutsideArchive, outsideArchive } from '../../src/outside-archive.js'
import { testWhere } from '../helpers/test-where.js'

// A folder called app.asar is read like an archive in Electron, and is copied in the same way.
let folder: string
let copies: string
let scripts: string
const before = process.env['PADDLE_TS_HOME']

beforeAll(() => {
  jest.useFakeTimers({ doNotFake: ['Date', 'nextTick', 'performance', 'queueMicrotask', 'setImmediate'] })
})
afterAll(() => {
  jest.useRealTimers()
})
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'archive-'))
  process.env['PADDLE_TS_HOME'] = join(folder, 'home')
  copies = join(folder, 'home/unpacked')
  scripts = makeScripts('app.asar')
})
afterEach(() => {
  if (before === undefined) delete process.env['PADDLE_TS_HOME']
  else process.env['PADDLE_TS_HOME'] = before
  rmSync(folder, { recursive: true })
})

/** Writes two scripts and returns their folder. */
function makeScripts(place: string, text = 'print(1)'): string {
  const python = join(folder, place, 'node_modules/paddle-ts/python')
  mkdirSync(join(python, 'worker'), { recursive: true })
  writeFileSync(join(python, 'start.py'), 'import worker')
  writeFileSync(join(python, 'worker/main.py'), text)
  return python
}

/** The text of the second script in a copy. */
function workerIn(copy: string): string {
  return readFileSync(join(copy, 'worker/main.py'), 'utf8')
}

describe('the path of a file outside an archive', () => {
  test.each(['/srv/app/python', 'C:\\app.asar', '/srv/asar/python', '/srv/app.asar.unpacked/python'])(
    'remains: %s',
    (path) => {
      expect(outsideArchive(path)).toBe(path)
      expect(existsSync(copies)).toBe(false)
    },
  )

  test('is that in app.asar.unpacked if all files are there', () => {
    const unpacked = makeScripts('app.asar.unpacked')
    expect(outsideArchive(scripts)).toBe(unpacked)
    expect(outsideArchive(join(scripts, 'start.py'))).toBe(join(unpacked, 'start.py'))
    rmSync(join(unpacked, 'worker/main.py'))
    expect(outsideArchive(scripts)).toMatch(copies)
  })
})

describe('a copy', () => {
  test('contains the files, and is used again', () => {
    const copy = outsideArchive(scripts)
    expect(copy).toMatch(new RegExp(`^${copies}/[0-9a-f]{64}/python$`))
    expect(readFileSync(join(copy, 'start.py'), 'utf8')).toBe('import worker')
    expect(workerIn(copy)).toBe('print(1)')
    expect(outsideArchive(scripts)).toBe(copy)
    expect(outsideArchive(makeScripts('other/app.asar'))).toBe(copy)
    expect(readdirSync(copies)).toHaveLength(1)
  })

  test('of other content is another one', () => {
    const copy = outsideArchive(scripts)
    const newer = outsideArchive(makeScripts('newer/app.asar', 'print(2)'))
    expect([workerIn(copy), workerIn(newer)]).toEqual(['print(1)', 'print(2)'])
    expect(dirname(newer)).not.toBe(dirname(copy))
  })

  test('of a single file, or of a model, keeps the names', () => {
    const copy = outsideArchive(join(scripts, 'start.py'))
    expect(copy).toMatch(/\/unpacked\/[0-9a-f]{64}\/start\.py$/)
    const files = { program: join(scripts, 'start.py'), params: null, format: 'json' }
    expect(modelOutsideArchive(files)).toEqual({ ...files, program: copy })
    const outside = { program: 'model/inference.json', params: 'model/inference.pdiparams' }
    expect(modelOutsideArchive(outside)).toEqual(outside)
  })

  test('is not writable by others, whatever the umask is', () => {
    const umask = process.umask(0)
    try {
      const copy = outsideArchive(scripts)
      const made = [join(folder, 'home'), copies, dirname(copy), copy, join(copy, 'worker')]
      const modeOf = (path: string): string => (statSync(path).mode & 0o777).toString(8)
      expect(made.map(modeOf)).toEqual(made.map(() => '755'))
      expect(modeOf(join(copy, 'worker/main.py'))).toBe('644')
    } finally {
      process.umask(umask)
    }
  })

  test.each<[string, (copy: string) => void]>([
    [
      'is incomplete',
      (copy) => {
        rmSync(join(copy, 'worker/main.py'))
      },
    ],
    [
      'is cut short',
      (copy) => {
        truncateSync(join(copy, 'worker/main.py'), 3)
      },
    ],
    [
      'can be written by others',
      (copy) => {
        chmodSync(join(copy, 'worker'), 0o777)
      },
    ],
  ])('that %s is left to the processes that use it, and the next process gets another one', (_, damage) => {
    // The same content in another archive is looked at like by another process.
    const copy = outsideArchive(scripts)
    damage(copy)
    const another = outsideArchive(makeScripts('second/app.asar'))
    expect(another).not.toBe(copy)
    expect(workerIn(another)).toBe('print(1)')
    expect(statSync(join(another, 'worker')).mode & 0o777).toBe(0o755)
    expect([outsideArchive(scripts), outsideArchive(makeScripts('third/app.asar'))]).toEqual([
      another,
      another,
    ])
    expect(readdirSync(copies).sort()).toEqual([copy, another].map((path) => basename(dirname(path))).sort())
  })

  test('of a file that is read in parts is complete (as those above 2 GiB must be)', () => {
    const file = join(scripts, 'inference.pdiparams')
    const bytes = 2 * 64 * 2 ** 20 + 10
    writeFileSync(file, '')
    truncateSync(file, bytes)
    const descriptor = openSync(file, 'r+')
    writeSync(descriptor, 'end', bytes - 3)
    closeSync(descriptor)
    const copy = outsideArchive(file)
    const copied = openSync(copy, 'r')
    const end = Buffer.alloc(6)
    readSync(copied, end, 0, 6, bytes - 6)
    closeSync(copied)
    expect([statSync(copy).size, end.toString('latin1')]).toEqual([bytes, '\0\0\0end'])
  })

  test('of a service that runs for long is used each day', () => {
    const copy = outsideArchive(scripts)
    const then = new Date(0)
    utimesSync(dirname(copy), then, then)
    jest.advanceTimersByTime(24 * 60 * 60 * 1000 - 1)
    expect(statSync(dirname(copy)).mtimeMs).toBe(0)
    for (let day = 0; day < 2; day += 1) {
      utimesSync(dirname(copy), then, then)
      jest.advanceTimersByTime(24 * 60 * 60 * 1000)
      expect(Date.now() - statSync(dirname(copy)).mtimeMs).toBeLessThan(60_000)
    }
  })

  test('that was removed is created again', () => {
    const copy = outsideArchive(scripts)
    rmSync(copies, { recursive: true })
    expect(outsideArchive(scripts)).toBe(copy)
    expect(workerIn(copy)).toBe('print(1)')
  })

  test('is removed after a month without use, and an unfinished one after an hour', () => {
    const age = (name: string, hours: number): void => {
      mkdirSync(join(copies, name), { recursive: true })
      const then = new Date(Date.now() - hours * 60 * 60 * 1000)
      utimesSync(join(copies, name), then, then)
    }
    for (const [name, hours] of [
      ['unused', 31 * 24],
      ['used', 29 * 24],
      ['draft-old', 2],
      ['draft-new', 0.5],
    ] as const)
      age(name, hours)
    const copy = outsideArchive(scripts)
    expect(readdirSync(copies).sort()).toEqual([dirname(copy).split('/').at(-1), 'draft-new', 'used'].sort())
    const then = new Date(0)
    utimesSync(dirname(copy), then, then)
    outsideArchive(scripts)
    expect(Date.now() - statSync(dirname(copy)).mtimeMs).toBeLessThan(60_000)
  })
})

const testWithSysfs = testWhere(existsSync('/sys/kernel/uevent_seqnum'), 'the system has no sysfs')

describe('a file that cannot be read in its archive is reported', () => {
  const advice =
    'Pack the application again, or unpack the file with it (`asarUnpack`): see docs/bundlers.md.'
  const failure = (): unknown => {
    try {
      return outsideArchive(scripts)
    } catch (error) {
      return error
    }
  }
  const link = (target: string): string => {
    const file = join(scripts, 'worker/main.py')
    rmSync(file)
    symlinkSync(target, file)
    return file
  }

  test('if it is missing', () => {
    const file = link('/nowhere')
    expect(failure()).toMatchObject({
      code: 'PACKAGE_FILES_MISSING',
      message: `${file} cannot be read in its archive: ENOENT.\n${advice}`,
    })
  })

  testWithSysfs('if it ends early (a file of sysfs claims to have 4096 bytes)', () => {
    const file = link('/sys/kernel/uevent_seqnum')
    expect(failure()).toMatchObject({
      code: 'PACKAGE_FILES_MISSING',
      message: expect.stringMatching(/: \d of its 4096 bytes can be read\.\n/),
    })
    expect((failure() as Error).message.startsWith(`${file} cannot be read in its archive: `)).toBe(true)
    expect(existsSync(copies)).toBe(false)
  })
})

test('a home folder that cannot be written is reported with the alternatives', () => {
  writeFileSync(join(folder, 'home'), 'a file')
  let caught: unknown
  try {
    outsideArchive(scripts)
  } catch (error) {
    caught = error
  }
  expect(caught).toBeInstanceOf(PaddleError)
  expect(caught).toMatchObject({
    code: 'ENVIRONMENT_UNWRITABLE',
    message:
      `Files of the application’s archive cannot be copied to ${copies}: ENOTDIR.\n` +
      'Name another folder with PADDLE_TS_HOME, or unpack them with the application (`asarUnpack`): see docs/bundlers.md.',
  })
})

describe('a copy that somebody else could change (owned by another user)', () => {
  const testAsRoot = testWhere(process.getuid?.() === 0, 'only root can give files away', { byRoot: true })

  testAsRoot('is replaced before it is used again', () => {
    const copy = outsideArchive(scripts)
    chownSync(join(copy, 'worker/main.py'), 65531, 65531)
    const again = outsideArchive(scripts)
    expect(statSync(join(again, 'worker/main.py')).uid).toBe(process.getuid?.())
  })

  testAsRoot('is not made in a folder of theirs', () => {
    mkdirSync(copies, { recursive: true })
    chownSync(copies, 65531, 65531)
    expect(() => outsideArchive(scripts)).toThrow(/cannot be copied to .*: other users can write to it/)
  })

  test('is made again when files of it were removed', () => {
    const copy = outsideArchive(scripts)
    rmSync(join(copy, 'start.py'))
    expect(readdirSync(outsideArchive(scripts)).sort()).toEqual(['start.py', 'worker'])
  })
})
