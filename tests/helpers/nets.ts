import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runPython } from './python.js'

/** Small networks made for the tests; what each does stands in `make_nets.py`. */
export interface Nets extends AsyncDisposable {
  readonly twoInTwoOut: string
  readonly grow: string
  readonly heavy: string
}

export async function makeNets(): Promise<Nets> {
  const folder = await mkdtemp(join(tmpdir(), 'nets-'))
  await runPython('make_nets.py', [folder])
  return {
    twoInTwoOut: join(folder, 'two-in-two-out'),
    grow: join(folder, 'grow'),
    heavy: join(folder, 'heavy'),
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true }),
  }
}
