import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { execa } from 'execa'

/**
 * A home for the managed Python, and a folder of small wheels that pip installs in place of the real ones
 * without a network, for tests of the installation rather than of paddle.
 */
export interface SetUpPlace extends AsyncDisposable {
  readonly home: string
  /** A folder for other files of a test. */
  readonly folder: string
  /** The variables that make paddle-ts and pip use it; they are set in this process too. */
  readonly variables: Readonly<Record<string, string>>
  /**
   * Creates a wheel called `paddlepaddle` (or `name`) whose module runs `source` on import; returns its path.
   */
  wheel(source?: string, options?: { name?: string; version?: string; tag?: string }): Promise<string>
  /** The environments there, complete or not. */
  environments(): Promise<readonly string[]>
  /** The current environment. */
  current(): Promise<string | undefined>
}

export async function makeSetUpPlace(): Promise<SetUpPlace> {
  const folder = await mkdtemp(join(tmpdir(), 'set-up-'))
  const home = join(folder, 'home')
  const variables = {
    PADDLE_TS_HOME: home,
    PIP_NO_INDEX: '1',
    PIP_FIND_LINKS: folder,
    PIP_NO_CACHE_DIR: '1',
    PADDLE_TS_PYTHON: '',
  }
  const before = Object.fromEntries(Object.keys(variables).map((name) => [name, process.env[name]]))
  Object.assign(process.env, variables)
  const wheel: SetUpPlace['wheel'] = async (source = '', options = {}) => {
    const { name = 'paddlepaddle', version = '3.3.1', tag = 'py3-none-any' } = options
    const path = join(folder, `${name}-${version}-${tag}.whl`)
    await execa('python3', [fileURLToPath(new URL('make_wheel.py', import.meta.url)), path], {
      input: source,
    })
    return path
  }
  await wheel('', { name: 'numpy', version: '2.0.0' })
  await wheel('', { name: 'setuptools', version: '80.0.0' })
  return {
    home,
    folder,
    variables,
    wheel,
    environments: () => readdir(join(home, 'environments')).catch(() => []),
    current: async () => {
      const text = await readFile(join(home, 'environment.json'), 'utf8').catch(() => undefined)
      return text === undefined ? undefined : (JSON.parse(text) as { id: string }).id
    },
    [Symbol.asyncDispose]: async () => {
      for (const [name, value] of Object.entries(before)) {
        if (value === undefined) Reflect.deleteProperty(process.env, name)
        else process.env[name] = value
      }
      await rm(folder, { recursive: true, force: true })
    },
  }
}
