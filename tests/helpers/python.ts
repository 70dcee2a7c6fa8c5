import { fileURLToPath } from 'node:url'
import { execa } from 'execa'
import { findInterpreter } from '../../src/environment/index.js'
import { interpreterArguments, interpreterEnvironment } from '../../src/python/index.js'

/**
 * The Python that the tests run: `PADDLE_TS_PYTHON`, else the managed one. Without either, the test fails.
 */
export async function testPython(): Promise<string> {
  return (await findInterpreter()).path
}

/** Runs a Python file of this folder with that Python, and returns its output. */
export async function runPython(file: string, args: readonly string[] = [], input = ''): Promise<string> {
  const script = fileURLToPath(new URL(file, import.meta.url))
  const { stdout } = await execa(await testPython(), [...interpreterArguments, script, ...args], {
    input,
    env: interpreterEnvironment(),
    extendEnv: false,
    maxBuffer: 1 << 30,
  })
  return stdout
}
