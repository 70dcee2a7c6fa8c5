import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { execa } from 'execa'
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** A folder in which paddle-ts is installed, as in a project of a user's. */
let project: string

beforeAll(async () => {
  project = await mkdtemp(join(tmpdir(), 'project-'))
  await mkdir(join(project, 'node_modules/.bin'), { recursive: true })
  await symlink(root, join(project, 'node_modules/paddle-ts'))
  await symlink('../paddle-ts/bin/paddle-ts.js', join(project, 'node_modules/.bin/paddle-ts'))
  await symlink(join(root, 'images'), join(project, 'images'))
  await writeFile(join(project, 'package.json'), '{ "type": "module" }')
})
afterAll(() => rm(project, { recursive: true }))

async function blocksOf(document: string, language: string): Promise<string[]> {
  const text = await readFile(join(root, document), 'utf8')
  return [...text.matchAll(/^```(\w+)\n(.*?)^```$/gms)].flatMap(([, tag, block]) =>
    tag === language && block !== undefined ? [block] : [],
  )
}

async function runTypeScript(source: string, name: string, args: readonly string[] = []): Promise<string> {
  const { outputText } = ts.transpileModule(source, {
    compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ES2022 },
  })
  await writeFile(join(project, name), outputText)
  const { stdout } = await execa('node', [name, ...args], { cwd: project })
  return stdout
}

const answer = /^image_name: images\/demo\.jpg, class_id: \d+, prob: 0\.001\d*$/

test('npm run demo answers', async () => {
  expect(await blocksOf('README.md', 'sh')).toContainEqual('npm run demo\n')
  const { stdout } = await execa('npm', ['run', '--silent', 'demo'], { cwd: root })
  expect(stdout.split('\n').at(-1)).toMatch(answer)
})

test('the README’s commands and its TypeScript, in their order', async () => {
  const [, commands] = await blocksOf('README.md', 'sh')
  const output: string[] = []
  for (const command of commands!.trim().split('\n')) {
    const { stdout } = await execa({ shell: true, cwd: project })`${command}`
    output.push(stdout)
  }
  expect(output[0]).toBe('inference model has been saved into model')
  expect(output[1]).toMatch(answer)

  const [images, anyModel] = await blocksOf('README.md', 'ts')
  expect(await runTypeScript(images!, 'images.js')).toMatch(/image: 'images\/demo\.jpg'/)
  expect(await runTypeScript(anyModel!, 'any-model.js')).toMatch(/^\[ 1, 1000 \]\n\[ '\w+.*' \]$/)
})

test('the example of docs/errors.md', async () => {
  const [block] = await blocksOf('docs/errors.md', 'ts')
  expect(await runTypeScript(block!, 'errors.js')).toBe(
    'There is no model at no-such-folder.\nMake one: paddle-ts export --save-inference-dir .',
  )
})

test('examples/classify-one.ts', async () => {
  const source = await readFile(join(root, 'examples/classify-one.ts'), 'utf8')
  const lines = (await runTypeScript(source, 'classify-one.js', ['model', 'images/demo.jpg'])).split('\n')
  expect(lines).toHaveLength(3)
  for (const line of lines) expect(line).toMatch(/^\d+ 0\.0010 $/)
})

test('examples/classify-batch.ts', async () => {
  const source = await readFile(join(root, 'examples/classify-batch.ts'), 'utf8')
  expect(await runTypeScript(source, 'classify-batch.js', ['model', 'images/'])).toMatch(
    /^images\/demo\.jpg: class \d+ \(0\.0010\)$/,
  )
})
