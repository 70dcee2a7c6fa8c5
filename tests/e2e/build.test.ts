import { existsSync } from 'node:fs'
import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals'
import { execa } from 'execa'
import { outsideEnvironment } from '../helpers/fresh-clone.js'
import { root } from '../helpers/project.js'

/** A small package that is built and packed like this one. */
let folder: string
const write = (name: string, text: string): Promise<void> => writeFile(join(folder, name), text)
/** The compiled files. */
const inDist = async (): Promise<string[]> =>
  (await readdir(join(folder, 'dist'))).filter((name) => name !== 'libturbojpeg').sort()
const both = ['one.d.ts', 'one.js', 'two.d.ts', 'two.js']

async function ran(program: string, ...args: string[]) {
  const { exitCode, stdout, stderr } = await execa(program, args, {
    ...{ cwd: folder, env: outsideEnvironment, extendEnv: false, reject: false, stdin: 'ignore' },
  })
  return { exitCode, stdout, stderr }
}
const build = () => ran('node', 'scripts/build.js')
const built = { exitCode: 0, stdout: '', stderr: 'Building' }
const nothingToDo = { exitCode: 0, stdout: '', stderr: '' }

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'build-'))
  for (const name of ['scripts/build.js', 'scripts/run.js', 'tsconfig.json', 'tsconfig.build.json']) {
    await cp(join(root, name), join(folder, name))
  }
  const { scripts } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as {
    scripts: Record<string, string>
  }
  const { build, prepare } = scripts
  const manifest = {
    name: 'small',
    version: '1.0.0',
    type: 'module',
    files: ['dist'],
    scripts: { build, prepare },
  }
  await write('package.json', JSON.stringify(manifest))
  await write('package-lock.json', JSON.stringify({ lockfileVersion: 3, packages: { '': manifest } }))
  await mkdir(join(folder, 'src'))
  await symlink(join(root, 'node_modules'), join(folder, 'node_modules'))
})
afterAll(() => rm(folder, { recursive: true }))

beforeEach(async () => {
  await write('src/one.ts', 'export const one = 1\n')
  await write('src/two.ts', 'export const two = 2\n')
  await build()
})

test('an up-to-date build is not repeated', async () => {
  expect(await build()).toEqual(nothingToDo)
  await rm(join(folder, 'dist'), { recursive: true })
  expect(await build()).toEqual(built)
  expect(await inDist()).toEqual(both)
  expect(await build()).toEqual(nothingToDo)
})

test.each([
  ['a source has changed', () => write('src/two.ts', 'export const two = 3\n'), both],
  ['a source has gone', () => rm(join(folder, 'src/two.ts')), both.slice(0, 2)],
  ['dist has a file of another build', () => write('dist/three.js', ''), both],
  ['dist lacks a file', () => rm(join(folder, 'dist/two.js')), both],
  ['a file of dist has changed', () => write('dist/two.js', ''), both],
])('it is rebuilt: %s', async (_, change, files) => {
  await change()
  expect(await build()).toEqual(built)
  expect(await inDist()).toEqual(files)
  expect(await readFile(join(folder, 'dist/one.js'), 'utf8')).toBe('export const one = 1;\n')
})

test('an error of TypeScript leaves no build', async () => {
  await write('src/two.ts', "export const two: number = '2'\n")
  const failed = {
    exitCode: 2,
    stdout: '',
    stderr: "Building\nsrc/two.ts(1,14): error TS2322: Type 'string' is not assignable to type 'number'.",
  }
  expect(await build()).toEqual(failed)
  expect(await readdir(folder)).not.toContain('dist')
  expect(await build()).toEqual(failed)
  const packed = await ran('npm', 'pack', '--silent')
  expect(packed).toMatchObject({ exitCode: 2, stdout: '' })
})

test('npm packs the build of src, and no other files in dist', async () => {
  await write('dist/three.js', '')
  const { exitCode, stdout } = await ran('npm', 'pack', '--dry-run', '--json')
  const packages = JSON.parse(stdout) as readonly [{ files: readonly { path: string }[] }]
  expect(packages[0].files.map(({ path }) => path)).toEqual([
    'dist/libturbojpeg/linux-arm64.so',
    'dist/libturbojpeg/linux-x64.so',
    ...both.map((name) => `dist/${name}`),
    'package.json',
  ])
  expect(exitCode).toBe(0)
})

/** Makes the package depend on the packages that its build requires, none of which is installed yet. */
async function requirePackages(): Promise<void> {
  // First of all: npm would empty the folder that the link names.
  await rm(join(folder, 'node_modules'), { recursive: true, force: true })
  await rm(join(folder, 'dist'), { recursive: true })
  const manifest = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as object
  const linked = (name: string): [string, string] => [name, `file:${join(root, 'node_modules', name)}`]
  const packages = {
    dependencies: Object.fromEntries(['@types/node'].map(linked)),
    devDependencies: Object.fromEntries(['typescript', '@julusian/jpeg-turbo'].map(linked)),
  }
  await write('package.json', JSON.stringify({ ...manifest, ...packages }))
  await ran('npm', 'install', '--package-lock-only', '--ignore-scripts', '--offline')
}
const installed = (): boolean[] =>
  ['@types/node', 'typescript', '@julusian/jpeg-turbo'].map((name) =>
    existsSync(join(folder, 'node_modules', name)),
  )

test('npm ci --omit=dev builds, and leaves no development packages', async () => {
  await requirePackages()
  expect(await ran('npm', 'ci', '--omit=dev')).toMatchObject({ exitCode: 0 })
  expect(await inDist()).toEqual(both)
  expect(installed()).toEqual([true, false, false])
})

test('with ignore-scripts=true in .npmrc, npm run build installs the packages and builds', async () => {
  await requirePackages()
  await write('.npmrc', 'ignore-scripts=true\n')
  try {
    expect(await ran('npm', 'run', 'build')).toMatchObject({ exitCode: 0 })
    expect(await inDist()).toEqual(both)
    expect(installed()).toEqual([true, true, true])
  } finally {
    await rm(join(folder, '.npmrc'))
  }
})

test('development packages without TypeScript are an error', async () => {
  const manifest = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as object
  await write('package.json', JSON.stringify({ ...manifest, dependencies: {}, devDependencies: {} }))
  await ran('npm', 'install', '--package-lock-only', '--ignore-scripts', '--offline')
  await rm(join(folder, 'dist'), { recursive: true })
  const { exitCode, stdout, stderr } = await ran('npm', 'ci')
  expect(`${stdout}\n${stderr}`).toContain(
    'Cannot build paddle-ts: its development packages do not include TypeScript.',
  )
  expect(exitCode).toBe(1)
})
