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
import { formsBefore2 } from '../helpers/paddle-detection-0.5-forms.js'
import { detectionForms } from '../helpers/paddle-detection-forms.js'

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

/** Why a form is not supported, by the first that fits its families and operators. */
const refusals: readonly (readonly [RegExp, string])[] = [
  [/EvalAffine/, 'it belongs to a model that finds key points, which is not a task of paddle-ts'],
  [/MultiscaleTestResize/, 'MultiscaleTestResize feeds each image at several sizes'],
  [/\+mask/, 'its network outputs masks of objects'],
  [/HRNet/, 'its network outputs key points'],
  [/ByteTrack|DeepSORT|CenterTrack/, 'its network outputs tracks'],
  [/S2ANet/, 'its network outputs rotated boxes'],
]

const detectionCases = detectionForms.flatMap(({ archs, operators }) =>
  archs.map((arch) => ({ arch, operators, names: JSON.stringify(operators) })),
)

describe('all forms of PaddleDetection’s TestReader', () => {
  test.each(detectionCases)('$arch: $names', async ({ arch, operators, names }) => {
    const [family, masks] = arch.split('+')
    const text = JSON.stringify({
      ...{ mode: 'paddle', draw_threshold: 0.5, metric: 'COCO', use_dynamic_shape: false },
      ...{ arch: family, min_subgraph_size: 3, ...(masks !== undefined && { mask: true }) },
      ...{ Preprocess: operators, label_list: ['person'] },
    })
    const [, reason] = refusals.find(([fits]) => fits.test(`${arch} ${names}`)) ?? []
    const parsed = read(text).then((config) => config?.postProcess?.kind)
    if (reason === undefined) expect(await parsed).toBe('boxes')
    else await expect(parsed).rejects.toThrow(reason)
  })

  test('how many are supported', () => {
    const refused = detectionCases.filter(({ arch, names }) =>
      refusals.some(([fits]) => fits.test(`${arch} ${names}`)),
    )
    expect([detectionForms.length, detectionCases.length, refused.length]).toEqual([58, 80, 26])
  })
})

/** The same for release 0.5, whose files also name masks by `mask_resolution`. */
const refusalsBefore2: readonly (readonly [RegExp, string])[] = [
  [/\+mask|SOLOv2/, 'its network outputs masks of objects'],
]

const casesBefore2 = formsBefore2.flatMap(({ archs, operators }) =>
  archs.map((arch) => ({ arch, operators, names: JSON.stringify(operators) })),
)

describe('all forms of the TestReader of PaddleDetection 0.5', () => {
  test.each(casesBefore2)('$arch: $names', async ({ arch, operators, names }) => {
    const [family, masks] = arch.split('+')
    const text = JSON.stringify({
      ...{ use_python_inference: false, mode: 'fluid', draw_threshold: 0.5, metric: 'COCO' },
      ...{ arch: family, min_subgraph_size: 3, ...(masks !== undefined && { mask_resolution: 28 }) },
      ...{ with_background: true, Preprocess: operators, label_list: ['background', 'person'] },
    })
    const [, reason] = refusalsBefore2.find(([fits]) => fits.test(`${arch} ${names}`)) ?? []
    const parsed = read(text).then((config) => config?.postProcess?.kind)
    if (reason === undefined) expect(await parsed).toBe('boxes')
    else await expect(parsed).rejects.toThrow(reason)
  })

  test('how many are supported', () => {
    const refused = casesBefore2.filter(({ arch, names }) =>
      refusalsBefore2.some(([fits]) => fits.test(`${arch} ${names}`)),
    )
    expect([formsBefore2.length, casesBefore2.length, refused.length]).toEqual([24, 28, 6])
  })
})
