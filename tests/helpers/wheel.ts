import { execa } from 'execa'
import { interpreterArguments, interpreterEnvironment } from '../../src/python/index.js'
import { testPython } from './python.js'

let version: Promise<string> | undefined

/**
 * The version of the paddle wheel that the tests run, from its metadata: `3.3.1`. Read without importing
 * paddle.
 */
export function wheelVersion(): Promise<string> {
  version ??= readVersion()
  return version
}

async function readVersion(): Promise<string> {
  const code =
    'from importlib.metadata import distributions\n' +
    'names = ("paddlepaddle", "paddlepaddle-gpu")\n' +
    'print(*[one.version for one in distributions() if one.metadata["Name"] in names])'
  const { stdout } = await execa(await testPython(), [...interpreterArguments, '-c', code], {
    env: interpreterEnvironment(),
    extendEnv: false,
  })
  return stdout.trim()
}

/** Whether it is Paddle 3, which reads `.json`. */
export async function readsJson(): Promise<boolean> {
  return !(await wheelVersion()).startsWith('2.')
}
