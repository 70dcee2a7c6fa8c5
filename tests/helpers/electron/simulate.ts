import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { userEnvironment } from '../packed-package.js'
import { testPython } from '../python.js'

interface Asar {
  createPackageWithOptions(from: string, to: string, options: object): Promise<void>
  extractAll(archive: string, to: string): void
}

/** An application's archive, and the folder with the same files. */
export interface Archive {
  readonly archive: string
  readonly files: string
}

/** Simulates Electron with the `@electron/asar` that is installed in a folder. */
export class ElectronSimulation {
  readonly #folder: string
  readonly #asar: Asar

  constructor(folder: string) {
    this.#folder = folder
    this.#asar = createRequire(join(folder, 'package.json'))('@electron/asar') as Asar
  }

  /** Packs an application. @param options - as Electron Forge passes them to `@electron/asar` */
  async pack(application: string, options: object): Promise<Archive> {
    const archive = join(await mkdtemp(join(this.#folder, 'packed-')), 'app.asar')
    await this.#asar.createPackageWithOptions(application, archive, options)
    return { archive, files: application }
  }

  /** Opens an archive that another program has packed. */
  async open(archive: string): Promise<Archive> {
    const files = await mkdtemp(join(this.#folder, 'files-'))
    this.#asar.extractAll(archive, files)
    return { archive, files }
  }

  /** Runs a program of the application (run.mjs). */
  async run({ archive, files }: Archive, program: string, home: string, killAfter = Infinity) {
    const temporary = join(this.#folder, 'tmp')
    await mkdir(temporary, { recursive: true })
    const script = fileURLToPath(new URL('run.mjs', import.meta.url))
    const env = {
      ...userEnvironment,
      TMPDIR: temporary,
      PADDLE_TS_HOME: home,
      PADDLE_TS_PYTHON: await testPython(),
      KILL_AFTER: String(killAfter),
    }
    const child = spawn(process.execPath, [script, archive, files, program], {
      ...{ cwd: this.#folder, env, stdio: ['ignore', 'pipe', 'pipe'] },
    })
    const [stdout, stderr, [exitCode, signal]] = await Promise.all([
      text(child.stdout),
      text(child.stderr),
      once(child, 'exit') as Promise<[number | null, NodeJS.Signals | null]>,
    ])
    return { stdout, stderr, exitCode, signal }
  }
}
