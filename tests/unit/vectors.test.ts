import { expect, test } from '@jest/globals'
import { vectorsOf } from '../../src/tasks/embed/vectors.js'
import { vectorPorts } from '../../src/tasks/image-input/vector-network.js'
import { tensor } from '../../src/tensor/index.js'

const outputs = (shape: number[], ...values: number[]) => ({ y: tensor('float32', shape, values) })

test('each image gets its row, divided by its Euclidean length', () => {
  expect(vectorsOf('m', 'y', outputs([2, 2], 3, 4, 0, -2), 2, undefined)).toEqual([
    Float32Array.of(0.6, 0.8),
    Float32Array.of(0, -1),
  ])
})

test('a row of zeros becomes NaN, as in numpy', () => {
  expect(vectorsOf('m', 'y', outputs([1, 2], 0, 0), 1, 2)).toEqual([Float32Array.of(NaN, NaN)])
})

test.each([
  ['as many rows as images are needed', outputs([1, 2], 1, 2), 2, undefined, 'float32 [1,2]', '[2,values]'],
  ['the length may not change', outputs([1, 2], 1, 2), 1, 3, 'float32 [1,2]', '[1,3]'],
  ['the output must exist', {}, 1, undefined, 'nothing', '[1,values]'],
])('%s', (_, given, images, values, got, needed) => {
  expect(() => vectorsOf('m', 'y', given, images, values)).toThrow(
    expect.objectContaining({
      code: 'MODEL_UNSUITABLE',
      message:
        `m is not a feature model: its output \`y\` is ${got}, but a float32 ${needed} is needed.\n` +
        'Run it with `createPredictor` or `Pipeline`, which take any model.',
    }),
  )
})

test('an input with a LoD takes sequences, not images', () => {
  const input = { name: 'x', dtype: 'float32', shape: [-1, 3, -1, -1] }
  const output = { name: 'y', dtype: 'float32', shape: [-1, 5] }
  expect(vectorPorts({ inputs: [input], outputs: [output] }, 3, 'classes')).toMatchObject({ length: 5 })
  expect(vectorPorts({ inputs: [{ ...input, lodLevel: 1 }], outputs: [output] }, 3, 'classes')).toBe(
    'its inputs are `x` float32 [-1,3,-1,-1] with a LoD, but one float32 [N,3,H,W] is needed',
  )
})
