import { rmSync } from 'node:fs'
import { cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import sharp from 'sharp'
import { ImageCycle } from '../../src/commands/benchmark/measure/image-cycle.js'
import { openImageTarget } from '../../src/commands/benchmark/measure/image-target.js'
import { measureSettings } from '../../src/commands/benchmark/measure/measure-settings.js'
import { openNetworkTarget } from '../../src/commands/benchmark/measure/network-target.js'
import type { Row } from '../../src/commands/benchmark/measure/rows.js'
import { makeClassifier } from '../helpers/nets.js'

test('a setting that ends its workers fails as a whole: nothing is retried, and the image stays in the set', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'images-'))
  const red = join(folder, 'red.png')
  await sharp({ create: { width: 16, height: 16, channels: 3, background: { r: 255, g: 0, b: 0 } } }).toFile(
    red,
  )
  await using net = await makeClassifier(3)
  const images = new ImageCycle([red])
  const options = {
    oneDnn: false,
    prepare: `${join(import.meta.dirname, '../helpers/faulty.py')}:by_red_image`,
    resizeSize: 16,
    cropSize: 16,
    signal: new AbortController().signal,
    onWarning: () => undefined,
  }
  const setting = { workers: 1, cpuThreads: 1, precision: 'fp32', executor: 'default' } as const
  await using subject = await openImageTarget(
    { task: 'classify', model: net.folder, options },
    images,
    setting,
  )
  await expect(subject.load(1, { runs: 3 })).rejects.toMatchObject({ code: 'WORKER_DIED' })
  expect(images.notes).toEqual([])
  await rm(folder, { recursive: true })
})

test('any failure after the first measurement is a row; before that, it ends the benchmark', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'model-'))
  await cp(join(import.meta.dirname, '../../models/doctor'), folder, { recursive: true })
  const { signal } = new AbortController()
  const options = { oneDnn: false, signal, onWarning: () => undefined }
  const rows: Row[] = []
  const measure = (): Promise<boolean> => {
    const kind = { cpuThreads: 1, batchSize: 1, precision: 'fp32', executor: 'default' } as const
    return measureSettings([() => [1, 2].map((workers) => ({ ...kind, workers }))], {
      open: (setting) => openNetworkTarget(folder, options, new Map(), setting),
      ...{ warmUp: 0, limit: { runs: 1 }, maxSeconds: Infinity, signal, onProgress: () => undefined },
      onRow: (row) => {
        rows.push(row)
        rmSync(folder, { recursive: true, force: true })
      },
    })
  }
  expect(await measure()).toBe(true)
  expect(rows).toMatchObject([
    { setting: { workers: 1 }, runs: 1 },
    { setting: { workers: 2 }, error: { code: 'MODEL_NOT_FOUND' } },
  ])
  await expect(measure()).rejects.toMatchObject({ code: 'MODEL_NOT_FOUND' })
  expect(rows).toHaveLength(2)
})
