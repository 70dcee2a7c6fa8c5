import ts from 'typescript'

/** A message of the compiler. */
export interface Diagnostic {
  /** The path of the module. */
  readonly file: string
  /** The line, from 1. */
  readonly line: number
  readonly text: string
}

/**
 * Compiles modules in memory, as in a user's project with `strict`.
 *
 * @param sources - by the absolute path that a module would have; imports are resolved from there
 */
export function compile(sources: ReadonlyMap<string, string>): Diagnostic[] {
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
    fileExists: (path) => sources.has(path) || files.fileExists(path),
    readFile: (path) => sources.get(path) ?? files.readFile(path),
    getSourceFile: (path, version, ...others) => {
      const source = sources.get(path)
      return source === undefined
        ? files.getSourceFile(path, version, ...others)
        : ts.createSourceFile(path, source, version)
    },
  }
  const program = ts.createProgram([...sources.keys()], options, host)
  return ts.getPreEmitDiagnostics(program).map(({ file, start = 0, messageText }) => ({
    file: file?.fileName ?? '',
    line: (file?.getLineAndCharacterOfPosition(start).line ?? -1) + 1,
    text: ts.flattenDiagnosticMessageText(messageText, '\n'),
  }))
}
