import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'

interface Python {
  readonly path: string
  readonly version: string
  readonly minor: number
  readonly patch: number
}

const script = '../../scripts/find-pythons.js'
const wheelsScript = '../../scripts/wheels.js'
const { findPythons } = (await import(script)) as {
  findPythons: (environment: Record<string, string>) => Promise<Python[]>
}
const { pythonFor } = (await import(wheelsScript)) as {
  pythonFor: (version: string, pythons: readonly Pick<Python, 'minor'>[]) => Pick<Python, 'minor'> | undefined
}

test('finds the newest of each minor version, on the PATH or in pyenv, and none that does not run', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'pythons-'))
  try {
    const told = async (path: string, version: string): Promise<string> => {
      await mkdir(join(folder, path, '..'), { recursive: true })
      const text = `#!/bin/sh\necho ${join(folder, path)}\necho ${version}\n`
      await writeFile(join(folder, path), text, { mode: 0o755 })
      return join(folder, path)
    }
    const old = await told('on-path/python3.9', '3.9.2')
    await told('on-path/python3', '3.8.10')
    await told('on-path/python3.11', '3.11.2')
    const newer = await told('pyenv/versions/3.11.7/bin/python3.11', '3.11.7')
    await writeFile(join(folder, 'on-path/python3.12'), '#!/bin/sh\nexit 127\n', { mode: 0o755 })
    const found = await findPythons({ PATH: join(folder, 'on-path'), PYENV_ROOT: join(folder, 'pyenv') })
    expect(found).toEqual([
      { path: old, version: '3.9.2', minor: 9, patch: 2 },
      { path: newer, version: '3.11.7', minor: 11, patch: 7 },
    ])
  } finally {
    await rm(folder, { recursive: true })
  }
})

test.each([
  ['2.6.2', [9, 11, 13], 9],
  ['2.6.2', [13], undefined],
  ['3.2.2', [9, 11, 13], 13],
  ['3.2.2', [11], 11],
  ['3.3.1', [9, 11, 13], undefined],
  ['2.6.2', [], undefined],
])('wheel %s of Pythons 3.%j is tested on 3.%s', (wheel, minors, chosen) => {
  expect(
    pythonFor(
      wheel,
      minors.map((minor) => ({ minor })),
    )?.minor,
  ).toBe(chosen)
})
