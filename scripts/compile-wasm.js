import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { root } from './run.js'

/**
 * A variable, so that TypeScript does not load the types, which redefine those of JavaScript's own classes.
 */
const compiler = 'assemblyscript/asc'
const source = 'assembly/arithmetic.ts'
const options = ['--enable', 'simd', '--runtime', 'stub', '--noAssert', '-O3', '--outFile', 'out.wasm']

/** Returns the text of the module that contains the compiled source. */
export async function compile() {
  const { default: asc } = await import(compiler)
  let binary
  const { error, stderr } = await asc.main([source, ...options], {
    readFile: (name) => readFile(join(root, name), 'utf8').catch(() => null),
    writeFile: (_, contents) => {
      binary = contents
    },
    listFiles: () => [],
  })
  if (error) throw new Error(`Cannot compile ${source}: ${error.message}\n${stderr.toString()}`)
  return [
    `/** ${source}, compiled: \`npm run build:wasm\`. */`,
    'export const arithmeticWasm =',
    `  '${Buffer.from(binary).toString('base64')}'`,
    '',
  ].join('\n')
}
