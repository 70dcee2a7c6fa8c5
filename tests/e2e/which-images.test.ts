import '../helpers/nothing-left.js'
import { copyFile, mkdir, readdir, rename, rm, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { makeProject, root, type Project } from '../helpers/project.js'

let project: Project
beforeAll(async () => {
  project = await makeProject()
  const at = (path: string): string => join(project.folder, path)
  await mkdir(at('set/a/.cache'), { recursive: true })
  await mkdir(at('texts'))
  await symlink('..', at('set/a/above'))
  const character = (name: string): string => join(root, 'images/characters', name)
  await copyFile(character('X-16-bit.png'), at('set/X.png'))
  await copyFile(character('K-blurred.jpg'), at('set/a/K.jpg'))
  for (const name of ['set/README.txt', 'set/a/notes.md', 'set/.hidden', 'texts/a.txt'])
    await writeFile(at(name), '')
})
afterAll(async () => {
  await project[Symbol.asyncDispose]()
})

function shell(line: string, env: Readonly<Record<string, string>> = {}): ReturnType<Project['shell']> {
  return project.shell(line, env)
}

const note = 'Using the built-in model for printed characters (0–9, A–Z); choose another with --model-dir.'
/** The images and labels in the text or JSON Lines of `infer`. */
function labelsIn(stdout: string): string[] {
  const lines = stdout.split('\n').filter((line) => line !== '')
  return lines.map((line) => {
    const [, image, label] =
      /^image_name: (\S+), .*, label: (.)$/.exec(line) ?? /"image":"([^"]+)".*"label":"(.)"/.exec(line) ?? []
    return image === undefined ? line : `${image} ${label ?? ''}`
  })
}

describe('infer on folders and patterns', () => {
  const [x, k] = ['set/X.png X', 'set/a/K.jpg K']

  test('a file: URL is its path: of a file, of a folder, and on standard input', async () => {
    const url = `file://${project.folder}/set`
    const { stdout, exitCode } = await shell(
      `echo '${url}/X.png' | paddle-ts infer --img-path '${url}/a/K.jpg' '${url}' -`,
    )
    const found = labelsIn(stdout).map((line) => line.replace(`${project.folder}/`, ''))
    expect([found, exitCode]).toEqual([[k, x, x], 0])
  })

  test('a folder without its subfolders, with a line on the rest', async () => {
    const { stdout, stderr, exitCode } = await shell('paddle-ts infer --img-path set')
    expect([labelsIn(stdout), exitCode]).toEqual([[x], 0])
    expect(stderr).toBe(
      `${note}\nSkipped 1 file that is not an image, 1 hidden file and 1 subfolder (add --recursive for the images in subfolders).`,
    )
  })

  test('a folder whose name could be the value of the flag before it', async () => {
    await rename(join(project.folder, 'set'), join(project.folder, '0'))
    try {
      const { stdout, exitCode } = await shell('paddle-ts infer --quiet --recursive 0')
      expect([labelsIn(stdout), exitCode]).toEqual([['0/a/K.jpg K', '0/X.png X'], 0])
    } finally {
      await rename(join(project.folder, '0'), join(project.folder, 'set'))
    }
  })

  test('--recursive, and the same images by a pattern', async () => {
    const recursive = await shell('paddle-ts infer --img-path set --recursive --json')
    expect([labelsIn(recursive.stdout), recursive.exitCode]).toEqual([[k, x], 0])
    expect(recursive.stderr).toBe(
      `${note}\nSkipped 2 files that are not images, 1 hidden file, 1 hidden folder and 1 link to a folder that was read already.`,
    )
    const pattern = await shell("paddle-ts infer --img-path 'set/**/*' --quiet")
    expect([labelsIn(pattern.stdout), pattern.stderr, pattern.exitCode]).toEqual([[k, x], '', 0])
  })

  test('a file that is named, no image in a folder, and none for a pattern are errors', async () => {
    const { stdout, stderr, exitCode } = await shell(
      "paddle-ts infer --img-path set/README.txt texts 'set/*.gif' --quiet",
    )
    expect([stdout, exitCode]).toEqual(['', 1])
    expect(stderr.split('\n').filter((line) => /^(?:There|No|set)/.test(line))).toEqual([
      expect.stringMatching(/^set\/README\.txt /),
      'There is no image in texts, only 1 file that is not an image.',
      'No file matches set/*.gif.',
    ])
    expect(stderr.endsWith('\n1 of 1 image failed.\n2 paths stand for no image.')).toBe(true)
  })

  test('--save-dir in a folder that --recursive reads is rejected', async () => {
    const { stderr, exitCode } = await shell(
      'paddle-ts infer --img-path set --recursive --save-dir set/drawn',
    )
    expect([stderr.split('\n')[0], exitCode]).toEqual([
      '--save-dir set/drawn is in a folder of images, and --recursive would take the annotated images in the next run. Use another folder.',
      2,
    ])
  })
})

test('verify and benchmark take the same images, and say the same of an empty folder', async () => {
  const verified = await shell('paddle-ts verify --img-path set --recursive --json')
  const images = verified.stdout.split('\n').map((line) => (JSON.parse(line) as { image?: string }).image)
  expect([images, verified.exitCode]).toEqual([['set/a/K.jpg', 'set/X.png', undefined], 0])
  expect(verified.stderr).toContain('Skipped 2 files that are not images, ')
  const measured = await shell(
    'paddle-ts benchmark --img-path set --recursive --runs 2 --warmup 1 --workers 1 --batch-size 1',
  )
  expect(measured.stdout).toContain('2 images')
  expect(measured.stderr).toContain('Skipped 2 files that are not images, ')
  for (const command of ['verify', 'benchmark']) {
    const { stdout, stderr, exitCode } = await shell(`paddle-ts ${command} --img-path texts --quiet`)
    expect(stdout + stderr).toContain('There is no image in texts, only 1 file that is not an image.')
    expect(exitCode).toBe(1)
  }
})

/** The variable that npm sets for what npx runs. */
const byNpx = { npm_config_user_agent: 'npm/10.8.2' }

test.each(['--help', 'infer --help', 'setup --help', 'completion --help', '--version'])(
  'with npx, every command in the output of %s begins with it',
  async (words) => {
    const env = { ...byNpx, PADDLE_TS_HOME: join(project.folder, 'no-home'), PADDLE_TS_PYTHON: '' }
    const { stdout } = await shell(`paddle-ts ${words}`, env)
    const commands = stdout.match(/(?:npx )?paddle-ts (?!and )(?:[a-z]+|--help|<command>)/g) ?? []
    expect(commands.length).toBeGreaterThan(0)
    expect(commands.filter((command) => !command.startsWith('npx '))).toEqual([])
  },
)

describe('without images', () => {
  const line = (command: string): string =>
    `Try the images of the package: paddle-ts ${command} node_modules/paddle-ts/images/characters`

  test('infer shows a command that works as it is typed', async () => {
    const images = join(project.folder, 'images')
    await rm(images)
    try {
      const { stdout, stderr, exitCode } = await shell('paddle-ts infer')
      const [what, advice] = stderr.split('\n')
      expect([what, advice, stdout, exitCode]).toEqual([
        'No images: name them (paddle-ts infer PATH…), or set --img-path. Its default ./images/demo.jpg does not exist.',
        ...[line('infer'), '', 2],
      ])
      const names = await readdir(join(root, 'images/characters'))
      const tried = await shell(advice!.slice(advice!.indexOf('paddle-ts')))
      expect([labelsIn(tried.stdout).length, tried.stderr, tried.exitCode]).toEqual([names.length, note, 0])
      // npx does not add the program to the PATH.
      const npx = await shell('paddle-ts infer', byNpx)
      expect(npx.stderr.replaceAll('npx paddle-ts', 'paddle-ts')).toBe(stderr)
      expect(npx.stderr.match(/(?:npx )?paddle-ts (?:infer|--)/g)).toEqual(
        Array(3).fill('npx paddle-ts infer'),
      )
    } finally {
      await symlink(join(root, 'images'), images)
    }
  })

  test.each([
    ['verify', 'No images to compare: name them (paddle-ts verify PATH…), or set --img-path.'],
    ["verify ''", 'Expected a path for --img-path.'],
    ["infer ''", 'Expected a path for --img-path.'],
    ["benchmark ''", 'Expected a path for --img-path.'],
    ['benchmark --crop-size 3', '--crop-size requires --img-path.'],
    ['benchmark --resize-size 300', '--resize-size requires --img-path.'],
    ['benchmark --recursive', '--recursive requires --img-path.'],
  ])('%s', async (command, what) => {
    const { stderr, exitCode } = await shell(`paddle-ts ${command}`)
    expect([stderr.split('\n').slice(0, 2), exitCode]).toEqual([[what, line(command.split(' ')[0]!)], 2])
  })
})
