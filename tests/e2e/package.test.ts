import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, delimiter, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { execa } from 'execa'
import { glob } from 'tinyglobby'
import { cloneInto, outsideEnvironment, patience } from '../helpers/fresh-clone.js'
import { folderOfNode, otherNodes } from '../helpers/nodes.js'
import { root } from '../helpers/project.js'

const install = ['--no-audit', '--no-fund', '--prefer-offline']
const image = (name: string): string => `node_modules/paddle-ts/images/characters/${name}`

const fiveLines = `import { ImageClassifier } from 'paddle-ts'
const classifier = await ImageClassifier.load()
const images = ['${image('K-blurred.jpg')}', '${image('7-rotated.png')}']
for await (const { topK } of classifier.classify(images)) console.log(process.version, topK[0].label)
await classifier.close()
`
const fromCommonJs = `const paddleTs = require('paddle-ts')
import('paddle-ts').then((same) => console.log(process.version, same === paddleTs, typeof paddleTs.ImageClassifier))
`
const inCommonJs = `const { ImageClassifier } = require('paddle-ts')
ImageClassifier.load().then(async (classifier) => {
  for await (const { topK } of classifier.classify(['${image('K-blurred.jpg')}'])) console.log(topK[0].label)
  await classifier.close()
})
`
const versions = /^paddle-ts \d+\.\d+\.\d+\npaddlepaddle \d/
/** The result of `infer`. */
const inferred = /^image_name: .*K-blurred\.jpg, class_id: 20, .*K/

let folder: string
/** The committed repository, without dependencies or build. */
let repository: string
/** A clone in which only `npm pack` was run. */
let clone: string
let tarball: string
/** The project with the installed tarball. */
let project: string
/** The project with the package installed from the repository. */
let projectFromGit: string

interface Where {
  readonly cwd?: string
  /** The folder of another \`node\`, first on the PATH. */
  readonly node?: string | undefined
  readonly env?: Readonly<Record<string, string>>
}

/** Runs a program in the project, or in \`cwd\`, and returns its output. */
async function ran(program: string, args: readonly string[], { cwd = project, node, env = {} }: Where = {}) {
  const PATH = [...(node === undefined ? [] : [node]), outsideEnvironment['PATH']].join(delimiter)
  const { stdout, stderr } = await execa(program, args, {
    ...{ cwd, env: { ...outsideEnvironment, PATH, ...env }, extendEnv: false, stdin: 'ignore' },
  })
  const ofNpm = /^npm (?:warn|notice)/
  return {
    stdout,
    stderr: stderr
      .split('\n')
      .filter((line) => !ofNpm.test(line))
      .join('\n'),
  }
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'package-'))
  clone = join(folder, 'clone')
  repository = await cloneInto(clone)
  project = join(folder, 'project')
  projectFromGit = join(folder, 'project-from-git')
  await Promise.all([mkdir(project), mkdir(projectFromGit)])
  const [{ stdout }] = await Promise.all([
    ran('npm', ['pack', '--silent', '--prefer-offline', '--pack-destination', '..'], { cwd: clone }),
    ran('npm', ['install', ...install, `git+file://${repository}`], { cwd: projectFromGit }),
  ])
  tarball = join(folder, stdout)
  await ran('npm', ['install', ...install, tarball])
  await writeFile(join(project, 'five-lines.mjs'), fiveLines)
  await writeFile(join(project, 'from-common-js.cjs'), fromCommonJs)
  await writeFile(join(project, 'in-common-js.cjs'), inCommonJs)
}, patience)
afterAll(() => rm(folder, { recursive: true }))

test('an empty folder gets the package, without other files of the repository', async () => {
  const top = await readdir(join(project, 'node_modules/paddle-ts'))
  expect(top.filter((name) => name !== 'node_modules').sort()).toEqual([
    ...['CHANGELOG.md', 'CONTRIBUTING.md', 'LICENSE', 'README.md', 'README.zh-CN.md', 'SECURITY.md'],
    ...[
      'bin',
      'dist',
      'docs',
      'examples',
      'images',
      'models',
      'package.json',
      'python',
      'report',
      'requirements.txt',
    ],
  ])
  const manifest = JSON.parse(await readFile(join(project, 'package.json'), 'utf8')) as unknown
  expect(manifest).toEqual({ dependencies: { 'paddle-ts': `file:../${basename(tarball)}` } })
})

test('an install from git produces the same package, and the command runs', async () => {
  const contentOf = async (where: string): Promise<[string, string][]> => {
    const top = join(where, 'node_modules/paddle-ts')
    const names = await glob('**', { cwd: top, ignore: ['node_modules'] })
    const texts = names.sort().map((name) => readFile(join(top, name), 'base64'))
    return (await Promise.all(texts)).map((text, index) => [names[index]!, text])
  }
  const fromTarball = await contentOf(project)
  const fromGit = await contentOf(projectFromGit)
  expect(fromGit.map(([name]) => name)).toEqual(fromTarball.map(([name]) => name))
  expect(fromGit.filter(([, text], index) => text !== fromTarball[index]![1])).toEqual([])
  const { stdout } = await ran('npx', ['paddle-ts', '--version'], { cwd: projectFromGit })
  expect(stdout).toMatch(versions)
})

test('npm publish checks the built package (dry run)', async () => {
  const { stderr } = await ran('npm', ['publish', '--dry-run', '--silent'], { cwd: clone })
  expect(stderr).toMatch(/^The package: \d+ files, \d+ bytes packed, \d+ unpacked\.$/)
})

test('without a build, the command prints advice', async () => {
  const run = (cwd: string) => execa('node', ['bin/paddle-ts.js', '--version'], { cwd, reject: false })
  expect(await run(repository)).toMatchObject({
    exitCode: 1,
    stdout: '',
    stderr: 'paddle-ts is not built.\nBuild it: npm run build',
  })
  const installed = join(folder, 'without-scripts/node_modules/paddle-ts')
  await mkdir(installed, { recursive: true })
  const pack = ['pack', '--silent', '--ignore-scripts', '--pack-destination', installed]
  const { stdout } = await ran('npm', pack, { cwd: repository })
  await ran('tar', ['-xzf', stdout, '--strip-components=1'], { cwd: installed })
  expect(await run(installed)).toMatchObject({
    exitCode: 1,
    stdout: '',
    stderr:
      'paddle-ts is not built: it was packed, or installed from git, without the scripts of npm.\n' +
      'Do that again with them: npm pack --ignore-scripts=false, or ' +
      'npm install --ignore-scripts=false PACKAGE after npm uninstall paddle-ts',
  })
})

describe.each([process.versions.node, ...otherNodes])('Node %s', (version) => {
  let node: string | undefined
  beforeAll(async () => {
    node = version === process.versions.node ? undefined : await folderOfNode(version)
  }, patience)

  test('five lines classify images with the built-in model', async () => {
    const stdout = `v${version} K\nv${version} 7`
    expect(await ran('node', ['five-lines.mjs'], { node })).toEqual({ stdout, stderr: '' })
  })

  test('require() returns the same as import()', async () => {
    const { stdout } = await ran('node', ['from-common-js.cjs'], { node })
    expect(stdout).toBe(`v${version} true function`)
  })

  test('the command runs inference', async () => {
    const args = ['infer', '--quiet', '--img-path', image('K-blurred.jpg')]
    const { stdout, stderr } = await ran('node_modules/.bin/paddle-ts', args, { node })
    expect({ stdout, stderr }).toEqual({ stdout: expect.stringMatching(inferred), stderr: '' })
  })
})

test('npx finds the command', async () => {
  const { stdout } = await ran('npx', ['paddle-ts', '--version'])
  expect(stdout).toMatch(versions)
})

test('a CommonJS module classifies an image', async () => {
  expect((await ran('node', ['in-common-js.cjs'])).stdout).toBe('K')
})

test('its types compile in a strict project without skipLibCheck', async () => {
  const source = `import { createPredictor, Config, ImageClassifier, PaddleError, type Prediction } from 'paddle-ts'
export async function best(image: string): Promise<Prediction | undefined> {
  const classifier = await ImageClassifier.load('model', { topK: 2 })
  for await (const { topK, error } of classifier.classify([image])) {
    if (error instanceof PaddleError) throw error
    return topK?.[0]
  }
  return undefined
}
export const predictor = createPredictor(new Config('model'))
`
  await writeFile(join(project, 'consumer.mts'), source)
  const tsc = join(root, 'node_modules/typescript/bin/tsc')
  const flags = ['--noEmit', '--strict', '--skipLibCheck', 'false', '--module', 'nodenext']
  const runsOn = ['--target', 'es2022', '--lib', 'es2022', '--types', 'node']
  expect(await ran('node', [tsc, ...flags, ...runsOn, 'consumer.mts'])).toEqual({ stdout: '', stderr: '' })
})
