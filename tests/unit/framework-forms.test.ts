import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import {
  readModelConfig,
  type ConfigSection,
  type ModelConfig,
  type ModelFiles,
} from '../../src/model/index.js'
import { clasForms } from '../helpers/paddle-clas-forms.js'

let folder: string
let files: ModelFiles
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'forms-'))
  files = { format: 'pdmodel', program: join(folder, 'inference.pdmodel') }
})
afterAll(() => rm(folder, { recursive: true }))

async function read(text: string, section?: ConfigSection): Promise<ModelConfig | undefined> {
  await writeFile(join(folder, 'inference.yml'), text)
  return readModelConfig(files, { section })
}

describe('all 29 files of PaddleClas’ deploy/configs', () => {
  test('are listed', () => {
    expect(new Set(clasForms.map(({ name }) => name)).size).toBe(29)
  })

  test.each(clasForms)('$name', async ({ text, kinds }) => {
    for (const kind of kinds) {
      const section = kind === 'boxes' ? 'DetPreProcess' : 'RecPreProcess'
      const config = await read(text, kinds.length > 1 ? section : undefined)
      expect(config?.preprocessing).toBeDefined()
      expect(config?.postProcess?.kind).toBe(kind)
    }
  })
})
