import '../helpers/nothing-left.js'
import { existsSync, readdirSync } from 'node:fs'
import { chmod, copyFile, cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { execa } from 'execa'
import { ElectronSimulation } from '../helpers/electron/simulate.js'
import { patience } from '../helpers/fresh-clone.js'
import { postImage } from '../helpers/next-server.js'
import { folderOfNode, otherNodes } from '../helpers/nodes.js'
import { installPacked, npmInstall, userEnvironment } from '../helpers/packed-package.js'
import { takeBlocks } from '../helpers/pages.js'
import { root } from '../helpers/project.js'
import { testWhere } from '../helpers/test-where.js'

const withLarge = process.env['PADDLE_TS_TEST_BUNDLERS'] === 'all'
const testLarge = testWhere(withLarge, 'it installs large tools; npm run test:bundlers runs it')
const small = ['esbuild@0.28', 'vite@8.4', 'tsx@4.23', 'vitest@4.1', 'jest@30.5', '@electron/asar@3.4.1']
const large = ['next@16.4', 'react@19', 'react-dom@19', 'typescript@5', '@types/node@20', '@types/react@19']

const [
  program,
  esbuild,
  vite,
  webpackConfig,
  nextConfig,
  nextRoute,
  standaloneConfig,
  tsx,
  stripTypes,
  vitestTest,
  jest,
  jestTest,
  builderConfig,
  forgeConfig,
] = await takeBlocks('docs/bundlers.md', 'ts sh sh js js ts js sh sh js sh js json js')

/** The tools are installed here, and paddle-ts in `project`, which is packed for Electron. */
let folder: string
let project: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bundlers-'))
  project = join(folder, 'project')
  await installPacked(project)
  await npmInstall(folder, [...small, ...(withLarge ? ['webpack@5.113', 'webpack-cli@7'] : [])])
  await copyFile(join(root, 'images/characters/7-rotated.png'), join(project, 'image.png'))
  await writeFile(join(project, 'app.ts'), program)
}, 2 * patience)
afterAll(() => rm(folder, { recursive: true }))

/** Runs the lines of a block in the project, and returns its output. */
async function shell(lines: string, { cwd = project, node = '' } = {}): Promise<string> {
  const PATH = [node, userEnvironment['PATH']].join(delimiter)
  const options = {
    cwd,
    env: { ...userEnvironment, PATH },
    extendEnv: false,
    stdin: 'ignore',
    all: true,
  } as const
  return (await execa('sh', ['-ec', lines], options)).all
}

const write = (name: string, text: string, into = project): Promise<void> => writeFile(join(into, name), text)
const lastLine = (output: string): string | undefined => output.trimEnd().split('\n').at(-1)

describe('docs/bundlers.md: a program', () => {
  test('bundled by esbuild', async () => {
    expect(lastLine(await shell(esbuild))).toBe('7')
  })

  test('bundled by Vite', async () => {
    expect(lastLine(await shell(vite))).toBe('7')
  })

  test('run by tsx', async () => {
    expect(await shell(tsx)).toBe('7')
  })

  test.each(otherNodes)('run by Node %s', async (version) => {
    expect(lastLine(await shell(stripTypes, { node: await folderOfNode(version) }))).toBe('7')
  })

  testLarge('bundled by webpack', async () => {
    await write('webpack.config.js', webpackConfig)
    await write('app.js', program.replace('?.', '.'))
    expect(lastLine(await shell('npx webpack --mode production && node dist/app.mjs'))).toBe('7')
  })
})

describe('docs/bundlers.md: tests', () => {
  test('run by Vitest', async () => {
    await write('image.test.js', vitestTest)
    expect(await shell('npx vitest run')).toContain('1 passed')
  })

  test('run by Jest, as CommonJS and as ES module', async () => {
    const tests = join(project, 'jest')
    await mkdir(tests)
    await copyFile(join(project, 'image.png'), join(tests, 'image.png'))
    await write('package.json', '{ "jest": { "testMatch": ["**/*.test.{js,mjs}"] } }', tests)
    await write('image.test.js', jestTest, tests)
    const dynamic = "const { ImageClassifier } = await import('paddle-ts')"
    expect(jestTest).toContain(dynamic)
    const asModule = `import { ImageClassifier } from 'paddle-ts'\n${jestTest.replace(dynamic, '')}`
    await write('image.test.mjs', asModule, tests)
    expect(await shell(jest, { cwd: tests })).toContain('Tests:       2 passed, 2 total')
  })
})

describe('paddle-ts in a bundle', () => {
  const source = `import { ImageClassifier, tensor, toNested } from 'paddle-ts'
console.log(JSON.stringify(toNested(tensor('float32', [2], [1, 2]))))
ImageClassifier.load().catch((error) => console.log(error.code + '\\n' + error.message))`
  const advice = [
    'Leave paddle-ts out of the bundle, and install it where the program runs: see docs/bundlers.md.',
    '  esbuild: --external:paddle-ts',
    '  webpack: externals: { "paddle-ts": "module paddle-ts" }',
    "  Next.js: serverExternalPackages: ['paddle-ts']",
  ]
  const moved = 'paddle-ts cannot find its Python files and models, because its code was bundled into'
  const bundle = (args: string): string =>
    `npx esbuild bundled.js --bundle --platform=node --log-level=error ${args}`

  test.each<[string, string, () => string]>([
    [
      'as CommonJS',
      `${bundle('--format=cjs --outfile=dist/bundled.cjs')}\nnode dist/bundled.cjs`,
      () => `${moved} another file: \`import.meta.url\` is not set there.`,
    ],
    [
      'as an ES module',
      `${bundle(
        `--format=esm --outfile=dist/bundled.js --banner:js="import { createRequire as r } from 'node:module'; const require = r(import.meta.url)"`,
      )}\nnode dist/bundled.js`,
      () => `${moved} ${project}/dist/bundled.js: ${project}/package.json is not that of paddle-ts.`,
    ],
  ])(
    '%s: functions without files work, and the first that needs one says why it fails',
    async (_, lines, why) => {
      await write('bundled.js', source)
      expect((await shell(lines)).split('\n')).toEqual(['[1,2]', 'PACKAGE_FILES_MISSING', why(), ...advice])
    },
  )

  test('without its Python files reports the missing one', async () => {
    const place = join(project, 'traced')
    const copy = join(place, 'node_modules/paddle-ts')
    await cp(join(project, 'node_modules/paddle-ts'), copy, { recursive: true })
    await rm(join(copy, 'python'), { recursive: true })
    await write('traced.mjs', source, place)
    expect((await shell('node traced.mjs', { cwd: place })).split('\n')).toEqual([
      '[1,2]',
      'PACKAGE_FILES_MISSING',
      `The installed paddle-ts is not complete: there is no ${copy}/python/start_script.py.`,
      'Install it again with its optional dependencies, or copy all of its files to where it runs (Next.js: `outputFileTracingIncludes`): see docs/bundlers.md.',
    ])
  })
})

describe('docs/bundlers.md: Next.js', () => {
  const answer = expect.objectContaining({ classId: 7, label: '7' }) as unknown
  let site = ''

  const makeSite = async (config: string): Promise<void> => {
    // Outside of the folder: Next.js would take that for the root of a repository with several packages.
    site = `${folder}-site`
    if (!existsSync(site)) await installPacked(site, large, { type: 'module' })
    await mkdir(join(site, 'app/api/classify'), { recursive: true })
    await write('app/api/classify/route.ts', nextRoute, site)
    await write('next.config.mjs', config, site)
    await rm(join(site, '.next'), { recursive: true, force: true })
  }
  afterAll(async () => {
    if (site !== '') await rm(site, { recursive: true })
  })
  const ask = (cwd: string, ...args: string[]): Promise<unknown> =>
    postImage(cwd, args, join(project, 'image.png'))

  testLarge(
    'a route handler',
    async () => {
      await makeSite(nextConfig)
      await shell('npx next build', { cwd: site })
      expect(await ask(site, 'node_modules/next/dist/bin/next', 'start')).toEqual(answer)
    },
    patience,
  )

  for (const bundler of ['--turbopack', '--webpack']) {
    testLarge(
      `a standalone server, built with ${bundler}`,
      async () => {
        await makeSite(standaloneConfig)
        await shell(`npx next build ${bundler}`, { cwd: site })
        const alone = await mkdtemp(join(tmpdir(), 'standalone-'))
        try {
          await cp(join(site, '.next/standalone'), alone, { recursive: true })
          expect(await ask(alone, 'server.js')).toEqual(answer)
        } finally {
          await rm(alone, { recursive: true })
        }
      },
      patience,
    )
  }
})

describe('docs/bundlers.md: Electron, simulated in Node', () => {
  const main = `import { fileURLToPath } from 'node:url'
import { ImageClassifier } from 'paddle-ts'
const image = (name) => fileURLToPath(new URL(name, import.meta.url))
const classifier = await ImageClassifier.load()
for (const name of ['image.png', 'image.jpg']) console.log((await classifier.classifyOne(image(name))).topK[0].label)
await classifier.close()`
  const classified = { stdout: '7\n5\n', stderr: '', exitCode: 0, signal: null }
  let electron: ElectronSimulation
  let home: string
  const copies = (): string[] => readdirSync(join(home, 'unpacked'))

  beforeAll(async () => {
    electron = new ElectronSimulation(folder)
    home = join(folder, 'home')
    await write('main.mjs', main)
    await copyFile(join(root, 'images/characters/5-shadow.jpg'), join(project, 'image.jpg'))
  })

  test('what Python reads from an archive is copied once, also after a kill and by two processes at once', async () => {
    const natives = '**/node_modules/{@img,@koromix}/**'
    const archive = await electron.pack(project, { unpack: natives })
    const killed = await electron.run(archive, 'main.mjs', home, 20)
    expect(killed).toMatchObject({ stdout: '', signal: 'SIGKILL' })
    expect(copies()).toContainEqual(expect.stringMatching(/^draft-/))
    const run = () => electron.run(archive, 'main.mjs', home)
    expect(await Promise.all([run(), run()])).toEqual([classified, classified])
    const kept = copies().filter((name) => !name.startsWith('draft-'))
    expect(copies()).toHaveLength(kept.length + 1)
    const content = kept.flatMap((name) => readdirSync(join(home, 'unpacked', name)))
    expect(content.sort()).toEqual(
      expect.arrayContaining(['inference.pdiparams', 'inference.pdmodel', 'python', 'pythonia']),
    )
    expect(await run()).toEqual(classified)
    expect(copies().filter((name) => !name.startsWith('draft-'))).toEqual(kept)
  })

  test('nothing is copied if it is unpacked, as in the configuration of Electron Forge', async () => {
    await write('forge.config.mjs', forgeConfig, folder)
    const { default: config } = (await import(join(folder, 'forge.config.mjs'))) as {
      default: { packagerConfig: { asar: object } }
    }
    const archive = await electron.pack(project, config.packagerConfig.asar)
    const elsewhere = join(folder, 'untouched-home')
    expect(await electron.run(archive, 'main.mjs', elsewhere)).toEqual(classified)
    expect(existsSync(elsewhere)).toBe(false)
  })

  testLarge(
    'the same in an archive that electron-builder packs, with a placeholder for Electron',
    async () => {
      const application = join(folder, 'builder')
      const fake = join(folder, 'fake-electron')
      const about = {
        name: 'my-app',
        version: '1.0.0',
        description: 'An application',
        author: 'Me',
        main: 'main.mjs',
      }
      const config = JSON.parse(builderConfig) as object
      await installPacked(application, [], { ...about, type: 'module', ...config })
      await npmInstall(application, ['--save-dev', 'electron-builder@26.17'])
      for (const name of ['main.mjs', 'image.png', 'image.jpg'])
        await copyFile(join(project, name), join(application, name))
      await mkdir(join(fake, 'resources'), { recursive: true })
      for (const name of ['electron', 'LICENSE', 'version']) await write(name, '', fake)
      await chmod(join(fake, 'electron'), 0o755)
      const where = '-c.electronDist=../fake-electron -c.electronVersion=41.0.0'
      await shell(`npx electron-builder --linux dir ${where}`, { cwd: application })
      const archive = await electron.open(join(application, 'dist/linux-unpacked/resources/app.asar'))
      const elsewhere = join(folder, 'untouched-home-of-builder')
      expect(await electron.run(archive, 'main.mjs', elsewhere)).toEqual(classified)
      expect(existsSync(elsewhere)).toBe(false)
    },
    patience,
  )
})
