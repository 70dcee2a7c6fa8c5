import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { execa } from 'execa'
import { cloneInto, outsideEnvironment, patience } from '../helpers/fresh-clone.js'
import { folderOfNode, otherNodes } from '../helpers/nodes.js'
import { commandsIn, readPage, takeBlocks } from '../helpers/pages.js'
import { root } from '../helpers/project.js'
import { startRegistry, type Registry } from '../helpers/registry.js'

const [installing] = await takeBlocks('docs/installing.md', 'sh')
const page = await readPage('docs/installing.md')

/** `npm run test:installs` tries each way with every version of Node. */
const isWhole = process.env['PADDLE_TS_TEST_INSTALLS'] === 'all'
const versions = [process.versions.node, ...(isWhole ? otherNodes : [])]

let folder: string
let registry: Registry
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'installing-'))
  registry = await startRegistry()
}, patience)
afterAll(async () => {
  await registry[Symbol.asyncDispose]()
  await rm(folder, { recursive: true })
})

const npx = (name: string): string => `npx --yes --prefer-offline ${name}`
/** How the package managers are run here. */
const managers = {
  npm: 'npm',
  pnpm: npx('pnpm@12.21.0'),
  'yarn 1': npx('yarn@1.22.22'),
  'yarn 4': npx('@yarnpkg/cli-dist@4.18.1'),
}
const inFolder = 'node_modules/.bin/paddle-ts'

interface Way {
  readonly name: string
  /** The command, as it stands in the page. */
  readonly command: string
  readonly manager: keyof typeof managers
  /** The installed command. */
  readonly program?: string
  readonly files?: Readonly<Record<string, string>>
  readonly flags?: string
}

const ways: readonly Way[] = [
  { name: 'npm', command: 'npm install paddle-ts', manager: 'npm', flags: '--ignore-scripts --omit=dev' },
  { name: 'pnpm', command: 'pnpm add paddle-ts --allow-build=koffi', manager: 'pnpm' },
  { name: 'yarn 1', command: 'yarn add paddle-ts', manager: 'yarn 1' },
  {
    name: 'yarn 4',
    command: 'yarn add paddle-ts',
    manager: 'yarn 4',
    files: { '.yarnrc.yml': 'nodeLinker: node-modules\n', 'yarn.lock': '' },
  },
  {
    name: 'yarn 4, Plug’n’Play',
    command: 'yarn add paddle-ts',
    manager: 'yarn 4',
    files: { 'yarn.lock': '' },
    program: `${managers['yarn 4']} paddle-ts`,
  },
  {
    name: 'npm --global',
    command: 'npm install --global paddle-ts',
    manager: 'npm',
    flags: '--prefix .',
    program: 'bin/paddle-ts',
  },
]

/** A new project, and a shell in it. */
async function makeProject(version: string) {
  const cwd = await mkdtemp(join(folder, 'project-'))
  await writeFile(join(cwd, 'package.json'), '{ "private": true }')
  await writeFile(join(cwd, '.npmrc'), `registry=${registry.url}\nstore-dir=${join(folder, 'pnpm-store')}\n`)
  const node = version === process.versions.node ? [] : [await folderOfNode(version)]
  const env = {
    ...outsideEnvironment,
    PATH: [...node, outsideEnvironment['PATH']].join(delimiter),
    npm_config_registry: registry.url,
    npm_config_audit: 'false',
    npm_config_fund: 'false',
    YARN_REGISTRY: registry.url,
    YARN_NPM_REGISTRY_SERVER: registry.url.replace(/\/$/, ''),
    YARN_UNSAFE_HTTP_WHITELIST: '127.0.0.1',
    YARN_ENABLE_TELEMETRY: 'false',
    YARN_CACHE_FOLDER: join(folder, 'yarn-cache'),
    // The package has the same version and another content in every run of this test.
    npm_config_cache: await cacheOfTest(),
  }
  const shell = async (line: string): Promise<string> => {
    const ended = await execa(line, {
      cwd,
      env,
      extendEnv: false,
      shell: true,
      stdin: 'ignore',
      all: true,
      reject: false,
    })
    if (ended.exitCode !== 0) throw new Error(`${line} ended with ${String(ended.exitCode)}:\n${ended.all}`)
    return ended.stdout
  }
  return { cwd, shell }
}

/** A cache of npm that shares the downloads of the user's own. */
async function cacheOfTest(): Promise<string> {
  const cache = join(folder, 'npm-cache')
  if (await mkdir(cache, { recursive: true })) {
    const { stdout } = await execa('npm', ['config', 'get', 'cache'], { cwd: root })
    await symlink(join(stdout, '_cacache'), join(cache, '_cacache'))
  }
  return cache
}

const inference = `infer --quiet --img-path ${join(root, 'images/characters/K-blurred.jpg')}`
const inferred = /^image_name: .*K-blurred\.jpg, class_id: 20, .*K$/

test(
  'its first commands',
  async () => {
    const { shell } = await makeProject(process.versions.node)
    const [install = '', setUp = '', infer = '', ...others] = commandsIn(installing)
    expect(others).toEqual([])
    await shell(install)
    expect(await shell(setUp)).toMatch(/^Python \S+ with paddle \S+ is ready: /)
    expect((await shell(infer)).split('\n')).toHaveLength(12)
    const packages = (await shell('npm ls --all --parseable')).split('\n').length - 1
    const megabytes = Number(/^\d+/.exec(await shell('du -sm node_modules'))?.[0])
    const [, packagesShown = 0, megabytesShown = 0] = /installs (\d+) packages \((\d+) MB\)/.exec(page) ?? []
    // Dependencies of dependencies change with time.
    expect(Math.abs(packages - Number(packagesShown))).toBeLessThanOrEqual(5)
    expect(Math.abs(megabytes - Number(megabytesShown))).toBeLessThanOrEqual(8)
  },
  patience,
)

describe.each(versions)('Node %s', (version) => {
  test.each(ways)(
    '$name',
    async ({ command, manager, program = inFolder, files = {}, flags = '' }) => {
      expect(page).toContain(`\`${command}\``)
      const { cwd, shell } = await makeProject(version)
      for (const [name, text] of Object.entries(files)) await writeFile(join(cwd, name), text)
      await shell(`${command.replace(/^\w+/, managers[manager])} ${flags}`)
      expect(await shell(`${program} ${inference}`)).toMatch(inferred)
      expect(await shell(`${program} doctor`)).toContain('decoded by libjpeg-turbo')
    },
    patience,
  )

  test(
    'npx',
    async () => {
      expect(page).toContain('`npx paddle-ts`')
      const { shell } = await makeProject(version)
      expect(await shell(`npx --yes paddle-ts ${inference}`)).toMatch(inferred)
    },
    patience,
  )

  const testWhole = isWhole ? test : test.skip
  testWhole(
    'npm ci --omit=dev in a clone (npm run test:installs)',
    async () => {
      expect(page).toContain('`npm ci --omit=dev`')
      const { cwd, shell } = await makeProject(version)
      await cloneInto(join(cwd, 'clone'))
      await shell('cd clone && npm ci --omit=dev')
      expect(await shell(`node clone/bin/paddle-ts.js ${inference}`)).toMatch(inferred)
      expect(await shell('ls clone/node_modules')).not.toMatch(/^typescript$/m)
    },
    patience,
  )
})
