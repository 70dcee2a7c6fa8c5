import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { Pipeline } from '../../src/index.js'
import { tensor } from '../../src/tensor/index.js'
import { describeReal, realModels } from '../helpers/real-models.js'

const model = join(realModels, 'text-classifier-lod')

/** Numbers of words, with the LoD of one text. */
const words = (text: readonly number[]) => ({
  feeds: { words: tensor('int64', [text.length, 1], [...text], [[0, text.length]]) },
  context: text.length,
})

describeReal('Pipeline', () => {
  let pipeline: Pipeline<readonly number[], { length: number; scores: number[] }>
  beforeAll(async () => {
    pipeline = await Pipeline.load(model, {
      preprocess: (text: readonly number[]) => {
        if (text.length === 0) throw new RangeError('no words')
        return words(text)
      },
      postprocess: (outputs, { context }) => {
        const [scores] = Object.values(outputs)
        return { length: context, scores: Array.from(scores?.data ?? [], Number) }
      },
      workers: 1,
    })
  })
  afterAll(() => pipeline.close())

  test('runs any model with custom steps, in input order; an error of a step is that of its input', async () => {
    const texts = [[1, 2, 3], [], [4], [1, 2, 3]]
    const results = []
    for await (const result of pipeline.run(texts, { batchSize: 8 })) results.push(result)
    expect(results.map(({ input }) => input)).toEqual(texts)
    const [first, second, third, fourth] = results
    expect(second?.error).toEqual(new RangeError('no words'))
    expect([first?.value?.length, third?.value?.length]).toEqual([3, 1])
    expect(first?.value?.scores).toHaveLength(2)
    expect(first?.value?.scores.reduce((sum, score) => sum + score, 0)).toBeCloseTo(1, 5)
    expect(fourth?.value).toEqual(first?.value)
    expect(third?.value?.scores).not.toEqual(first?.value?.scores)
  })

  test('reports progress and an abort', async () => {
    const done: unknown[] = []
    const iterator = pipeline.run([[1], [2]], { onProgress: (progress) => done.push(progress) })
    for await (const { error } of iterator) expect(error).toBeUndefined()
    expect(done).toEqual([1, 2].map((count) => ({ step: 'Running inputs', done: count, total: 2 })))
    await expect(pipeline.run([[1]], { signal: AbortSignal.abort() }).next()).rejects.toMatchObject({
      code: 'ABORTED',
      message: 'Running was aborted by its signal.',
    })
  })
})

test('rejects invalid options before anything is started', async () => {
  const load = (model: string, options: object): Promise<unknown> => Pipeline.load(model, options as never)
  await expect(load('m', {})).rejects.toThrow(
    new TypeError('Expected a function for `postprocess`, got undefined.'),
  )
  await expect(load('m', { postprocess: () => 1, preprocess: 2 })).rejects.toThrow(
    new TypeError('Expected a function for `preprocess`, got `2` (number).'),
  )
  await expect(load('m', { postprocess: () => 1, batchSize: 2 })).rejects.toThrow(TypeError)
})
