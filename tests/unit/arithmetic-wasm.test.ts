import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { compile } from '../../scripts/compile-wasm.js'
import { packageRoot } from '../../src/package-files.js'

test('the compiled arithmetic matches the source', async () => {
  const kept = await readFile(join(packageRoot, 'src/image/wasm/kernels.wasm.ts'), 'utf8')
  expect(kept).toBe(await compile())
})
