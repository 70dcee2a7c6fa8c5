import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import ts from 'typescript'
import { allPages, blocksIn, readPage } from '../helpers/pages.js'
import { root } from '../helpers/project.js'

test('the TypeScript of all pages compiles with `strict`', async () => {
  const blocks = new Map<string, string>()
  for (const page of await allPages())
    for (const { language, source, line } of blocksIn(await readPage(page)))
      // Each block is a module, independent of the previous ones.
      if (language === 'ts') blocks.set(join(root, `${page}.${line}.ts`), `${source}\nexport {}`)
  expect(blocks.size).toBeGreaterThan(30)

  const options: ts.CompilerOptions = {
    strict: true,
    noEmit: true,
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.Node20,
    lib: ['lib.es2023.d.ts', 'lib.esnext.disposable.d.ts'],
    types: ['node'],
    skipLibCheck: true,
  }
  const files = ts.createCompilerHost(options)
  const host: ts.CompilerHost = {
    ...files,
    fileExists: (path) => blocks.has(path) || files.fileExists(path),
    readFile: (path) => blocks.get(path) ?? files.readFile(path),
    getSourceFile: (path, version, ...others) => {
      const source = blocks.get(path)
      return source === undefined
        ? files.getSourceFile(path, version, ...others)
        : ts.createSourceFile(path, source, version)
    },
  }
  const program = ts.createProgram([...blocks.keys()], options, host)
  const found = ts.getPreEmitDiagnostics(program).map(({ file, messageText }) => {
    return `${file?.fileName ?? ''}: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`
  })
  expect(found).toEqual([])
})
