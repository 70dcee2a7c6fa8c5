import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { execa } from 'execa'
import ts from 'typescript'
import { madeOnce } from './made-once.js'
import { packedOnce, userEnvironment } from './packed-package.js'
import { root } from './root.js'

export { root }

/** A folder in which the packed package is installed, like a user's project; `images/` is the package's. */
export interface Project extends AsyncDisposable {
  readonly folder: string
  /** Runs a shell command there; returns its output and exit code. */
  shell(
    line: string,
    env?: Readonly<Record<string, string>>,
  ): Promise<{ stdout: string; stderr: string; exitCode: number | undefined }>
  /** Runs a TypeScript module there; returns its output. */
  typeScript(source: string, args?: readonly string[]): Promise<string>
}

export async function makeProject(): Promise<Project> {
  const folder = await mkdtemp(join(tmpdir(), 'project-'))
  const installed = await packedOnce()
  const bin = join(folder, 'node_modules/.bin')
  await mkdir(bin, { recursive: true })
  await symlink(installed, join(folder, 'node_modules/paddle-ts'))
  await symlink('../paddle-ts/bin/paddle-ts.js', join(bin, 'paddle-ts'))
  await symlink(join(installed, 'images'), join(folder, 'images'))
  await writeFile(join(folder, 'package.json'), '{ "type": "module" }')
  return {
    folder,
    shell: async (line, env = {}) => {
      const PATH = `${bin}${delimiter}${process.env['PATH'] ?? ''}`
      const { stdout, stderr, exitCode } = await execa('sh', ['-c', line], {
        ...{ cwd: folder, reject: false, stdin: 'ignore', extendEnv: false },
        env: { ...userEnvironment, PATH, ...env },
      })
      return { stdout, stderr, exitCode }
    },
    typeScript: async (source, args = []) => {
      const { outputText } = ts.transpileModule(source, {
        compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ES2022 },
      })
      await writeFile(join(folder, 'module.js'), outputText)
      const { stdout } = await execa('node', ['module.js', ...args], { cwd: folder })
      return stdout
    },
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true }),
  }
}

/** A project with the network that `paddle-ts export` creates by default, in `model`. */
export async function makeProjectWithModel(): Promise<Project> {
  const project = await makeProject()
  const exporter = join(root, 'python/paddle_export')
  const sources = (await readdir(exporter)).filter((name) => name.endsWith('.py')).sort()
  const texts = await Promise.all(sources.map((name) => readFile(join(exporter, name), 'utf8')))
  const line = 'paddle-ts export --seed 1 --save-inference-dir'
  const made = await madeOnce([line, ...texts], async (draft) => {
    const { stderr, exitCode } = await project.shell(`${line} '${draft}'`)
    if (exitCode !== 0) throw new Error(stderr)
  })
  await cp(made, join(project.folder, 'model'), { recursive: true })
  return project
}
