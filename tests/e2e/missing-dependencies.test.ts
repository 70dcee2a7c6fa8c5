import { cp, mkdir, mkdtemp, readdir, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { execa } from 'execa'
import { root } from '../helpers/project.js'

/** A folder with a copy of the package and all of its dependencies. */
let folder: string
let installed: string
const font = '@expo-google-fonts/atkinson-hyperlegible'

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'missing-'))
  installed = join(folder, 'node_modules')
  const copy = join(installed, 'paddle-ts')
  await mkdir(copy, { recursive: true })
  const files = ['package.json', 'requirements.txt', 'bin', 'dist', 'python', 'report', 'models/doctor']
  for (const name of files) {
    await cp(join(root, name), join(copy, name), { recursive: true })
  }
  const found = await readdir(join(root, 'node_modules'))
  const scoped = await readdir(join(root, 'node_modules/@expo-google-fonts'))
  await mkdir(join(installed, '@expo-google-fonts'))
  const names = [
    ...found.filter((name) => !name.startsWith('.') && name !== '@expo-google-fonts'),
    ...scoped.map((name) => `@expo-google-fonts/${name}`),
  ]
  await Promise.all(names.map((name) => symlink(join(root, 'node_modules', name), join(installed, name))))
})
afterAll(() => rm(folder, { recursive: true }))

const advice =
  'Install it again with its optional dependencies, or copy all of its files to where it runs (Next.js: `outputFileTracingIncludes`): see docs/bundlers.md.'

/** The output of a program beside which a package, or a file of paddle-ts, is missing. */
async function outputWithout(missing: string, args: readonly string[]): Promise<string> {
  const path = join(installed, missing)
  const aside = join(folder, 'aside')
  await cp(path, aside, { recursive: true, verbatimSymlinks: true })
  await rm(path, { recursive: true })
  try {
    const { all } = await execa('node', args, { cwd: folder, all: true, reject: false })
    return all
  } finally {
    await mkdir(dirname(path), { recursive: true })
    await cp(aside, path, { recursive: true, verbatimSymlinks: true })
    await rm(aside, { recursive: true })
  }
}

/** A program that calls a function of the package and prints its error. */
const calling = (module: string, call: string): readonly string[] => [
  '--input-type=module',
  '--eval',
  `import * as it from './node_modules/paddle-ts/dist/${module}'
try { await ${call} } catch ({ code, message }) { console.log(code + '\\n' + message) }`,
]

test.each<[string, string, readonly string[]]>([
  [
    'pythonia',
    'pythonia/src/pythonia/interface.py',
    calling('index.js', `it.createPredictor({ model: 'node_modules/paddle-ts/models/doctor' })`),
  ],
  [
    font,
    `${font}/700Bold/AtkinsonHyperlegible_700Bold.ttf`,
    calling('image/annotate/text.js', `it.drawLabel('label', '', { size: 10, width: 100 })`),
  ],
  ['koffi', 'koffi', calling('load-koffi.js', 'it.loadKoffi()')],
  ['sharp', 'sharp', calling('image/decode/load-sharp.js', 'it.loadSharp()')],
])('without %s, an error names what is missing', async (name, file, args) => {
  const lines = (await outputWithout(name, args)).split('\n')
  expect(lines).toEqual([
    'PACKAGE_FILES_MISSING',
    expect.stringMatching(/^The installed paddle-ts is not complete: /),
    advice,
  ])
  expect(lines[1]).toContain(`: ${file} cannot be loaded (Cannot find `)
})

const benchmark = [
  'node_modules/paddle-ts/bin/paddle-ts.js',
  ...['benchmark', '--model-dir', 'node_modules/paddle-ts/models/doctor', '--report', 'report.html'],
]

test('without uplot, a benchmark with a report fails before it measures', async () => {
  expect((await outputWithout('uplot', benchmark)).split('\n')).toEqual([
    expect.stringMatching(
      /^The installed paddle-ts is not complete: uplot\/dist\/uPlot\.min\.css cannot be loaded \(Cannot find module 'uplot\/dist\/uPlot\.min\.css'\)\.$/,
    ),
    advice,
    '[PACKAGE_FILES_MISSING]',
  ])
})

test('without its list of Python packages', async () => {
  const program = calling('index.js', `it.createPredictor({ model: 'node_modules/paddle-ts/models/doctor' })`)
  expect((await outputWithout('paddle-ts/requirements.txt', program)).split('\n')).toEqual([
    'PACKAGE_FILES_MISSING',
    `The installed paddle-ts is not complete: ${installed}/paddle-ts/requirements.txt cannot be read (ENOENT).`,
    advice,
  ])
})

test('without its own files of a report, too', async () => {
  expect((await outputWithout('paddle-ts/report', benchmark)).split('\n')).toEqual([
    `The installed paddle-ts is not complete: ${installed}/paddle-ts/report/page.css cannot be read (ENOENT).`,
    advice,
    '[PACKAGE_FILES_MISSING]',
  ])
})
