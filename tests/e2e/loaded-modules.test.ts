import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { beforeAll, describe, expect, test } from '@jest/globals'
import { paddleTs } from '../helpers/command-line.js'
import { root } from '../helpers/project.js'

/** What a command imports: files of `dist`, and those of our dependencies that it uses. */
interface Loaded {
  readonly files: readonly string[]
  readonly packages: readonly string[]
}

const { dependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  dependencies: Readonly<Record<string, string>>
}

/** Runs a command. @returns what it imports before it starts its first process, and in total */
async function loadedBy(args: readonly string[]): Promise<{ early: Loaded; all: Loaded }> {
  const folder = await mkdtemp(join(tmpdir(), 'modules-'))
  try {
    const log = join(folder, 'modules.txt')
    const preload = new URL('../helpers/log-modules.mjs', import.meta.url)
    const env = { NODE_OPTIONS: `--import=${preload.href}`, MODULE_LOG: log }
    expect(await paddleTs(args, { env, cwd: root })).toMatchObject({ exitCode: 0 })
    const [early = '', late = ''] = readFileSync(log, 'utf8').split('\n\n')
    return { early: loadedIn(early), all: loadedIn(`${early}\n${late}`) }
  } finally {
    await rm(folder, { recursive: true })
  }
}

function loadedIn(log: string): Loaded {
  const dist = `${pathToFileURL(join(root, 'dist')).href}/`
  const urls = log.split('\n')
  const packages = urls.map((url) => /\/node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(url)?.[1] ?? '')
  return {
    files: urls.flatMap((url) => (url.startsWith(dist) ? [url.slice(dist.length)] : [])).sort(),
    packages: [...new Set(packages)].filter((name) => Object.hasOwn(dependencies, name)).sort(),
  }
}

describe('infer of a classifier', () => {
  let early: Loaded
  let all: Loaded
  beforeAll(async () => {
    const image = 'images/characters/5-shadow.jpg'
    ;({ early, all } = await loadedBy(['infer', '--img-path', image]))
  })

  test('starts its worker before it loads the parser, the model and the images', () => {
    // koffi is loaded by `require`, which is not logged; leven is one small file, for the error on an unknown option.
    expect(early.packages).toEqual(['env-paths', 'execa', 'leven', 'ndarray'])
    expect(
      early.files.filter((file) => /^(?:cli|commands|tasks|inference|image|model)\//.test(file)),
    ).toEqual([
      'cli/config-file.js',
      'cli/main.js',
      'cli/usage-error.js',
      'commands/argv.js',
      'commands/infer/prewarm.js',
      'commands/terminal/interruption.js',
      'inference/worker/prewarm.js',
    ])
    expect(all.packages).toEqual(expect.arrayContaining(['yargs', 'zod']))
  })

  test('loads of other tasks only the options and the spec', () => {
    const folder = join(root, 'src/tasks')
    const tasks = readdirSync(folder).filter((name) => existsSync(join(folder, name, 'spec.ts')))
    const inTask = (name: string): string[] =>
      all.files.flatMap((file) => (file.startsWith(`tasks/${name}/`) ? [file.split('/')[2]!] : []))
    expect(inTask('classify')).toContain('definition.js')
    const others = tasks.filter((name) => name !== 'classify')
    expect(others.length).toBeGreaterThan(1)
    expect(others.map(inTask)).toEqual(others.map(() => ['options.js', 'spec.js']))
  })

  test('loads only the other names of infer more, if it has one of them', async () => {
    const image = 'images/characters/5-shadow.jpg'
    const named = await loadedBy(['classify', image])
    expect(named.early.files.filter((file) => !early.files.includes(file))).toEqual([
      'tasks/infer-aliases.js',
    ])
    expect((await loadedBy(['predict', image])).early).toEqual(early)
  })

  test('loads no other command, and nothing that draws', () => {
    const folders = all.files.map((file) => /^commands\/([^/]+)\//.exec(file)?.[1])
    expect([...new Set(folders)].filter((name) => name !== undefined).sort()).toEqual([
      ...['flags', 'images', 'infer', 'terminal'],
    ])
    expect(all.files.filter((file) => /\/annotated?\//.test(file))).toEqual([])
  })
})
