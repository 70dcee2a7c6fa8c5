import { expect, test } from '@jest/globals'
import { fillExportOptions } from '../../src/export/options.js'

test('omitted options have the tutorial’s values, or depend on the network', () => {
  expect(fillExportOptions({})).toEqual({
    model: 'mobilenet_v3_small',
    saveInferenceDir: '.',
    pretrained: false,
    device: 'cpu',
    format: 'pdmodel',
    softmax: true,
  })
  expect(fillExportOptions({ model: undefined, imgSize: 318, seed: 0 })).toMatchObject({
    model: 'mobilenet_v3_small',
    imgSize: 318,
    seed: 0,
  })
})

const own = { model: 'net.py:Net' }

test('a network of the user’s own keeps its output, and its inputs may be strings or objects', () => {
  const spec = { name: 'b', dtype: 'int64', shape: [] } as const
  expect(
    fillExportOptions({ ...own, modelArgs: { width: 3 }, inputSpec: ['a:float32[-1, 3,?]', spec] }),
  ).toEqual({
    model: 'net.py:Net',
    modelArgs: { width: 3 },
    inputSpec: [{ name: 'a', dtype: 'float32', shape: [-1, 3, -1] }, spec],
    saveInferenceDir: '.',
    pretrained: false,
    device: 'cpu',
    format: 'pdmodel',
    softmax: false,
  })
  expect(fillExportOptions({ ...own, softmax: true })).toMatchObject({ softmax: true })
})

test.each<[Record<string, unknown>, new () => Error, string]>([
  [{ model: 3 }, TypeError, 'Expected a string for `model`, got `3` (number).'],
  [{ model: '' }, RangeError, 'Expected a string that is not empty for `model`, got `` (string).'],
  [{ imgSize: '224' }, TypeError, 'Expected a positive integer for `imgSize`, got `224` (string).'],
  [{ imgSize: 0 }, RangeError, 'Expected a positive integer for `imgSize`, got `0` (number).'],
  [{ numClasses: 1.5 }, RangeError, 'Expected a positive integer for `numClasses`, got `1.5` (number).'],
  [{ seed: -1 }, RangeError, 'Expected a non-negative integer for `seed`, got `-1` (number).'],
  [{ saveInferenceDir: null }, TypeError, 'Expected a string for `saveInferenceDir`, got null.'],
  [
    { pretrained: 1 },
    TypeError,
    'Expected a boolean or the path of a .pdparams file for `pretrained`, got `1` (number).',
  ],
  [{ device: 'xpu' }, RangeError, 'Expected `cpu` or `gpu` for `device`, got `xpu` (string).'],
  [{ format: 2 }, TypeError, 'Expected `pdmodel`, `json` or `both` for `format`, got `2` (number).'],
  [{ softmax: 'yes' }, TypeError, 'Expected a boolean for `softmax`, got `yes` (string).'],
  [{ labels: ['hen', 3] }, TypeError, 'Expected a string for `labels[1]`, got `3` (number).'],
  [{ signal: {} }, TypeError, 'Expected an AbortSignal for `signal`, got an object (Object).'],
  [{ onProgress: 'log' }, TypeError, 'Expected a function for `onProgress`, got `log` (string).'],
  [
    { imageSize: 3 },
    TypeError,
    'Unknown option `imageSize`. Did you mean `imgSize`? The options are model, modelArgs, inputSpec, imgSize, saveInferenceDir, pretrained, numClasses, device, ' +
      'format, seed, softmax, labels, python, signal, onProgress, onWarning.',
  ],
  [
    { model: 'net.py:Net', imgSize: 96 },
    TypeError,
    '`imgSize` applies to networks of paddle.vision.models only, not to net.py:Net.',
  ],
  [
    { model: 'net.py:Net', pretrained: true },
    TypeError,
    '`pretrained` applies to networks of paddle.vision.models only, not to net.py:Net.',
  ],
  [
    { model: 'LeNet', inputSpec: [] },
    TypeError,
    '`inputSpec` applies to networks of your own, FILE.py:CLASS, only, not to LeNet.',
  ],
  [
    { ...own, inputSpec: 'x:float32[3]' },
    TypeError,
    'Expected an array of inputs for `inputSpec`, got `x:float32[3]` (string).',
  ],
  [
    { ...own, inputSpec: ['x:float32[0]'] },
    RangeError,
    'Expected NAME:DTYPE[SHAPE], such as x:float32[-1,3,224,224] for `inputSpec[0]`, got `x:float32[0]` (string).',
  ],
  [{ ...own, inputSpec: ['x:bool[]', 'x:int32[]'] }, RangeError, '`inputSpec` describes x twice.'],
  [
    { ...own, inputSpec: ['x:bool[]', { name: 'y', dtype: 'int16', shape: [] }] },
    RangeError,
    'Expected `float32`, `float64`, `float16`, `bfloat16`, `int64`, `int32`, `int8`, `uint8` or `bool` for ' +
      '`inputSpec[1].dtype`, got `int16` (string).',
  ],
  [
    { ...own, inputSpec: [{ name: 'y', dtype: 'int32', shape: [1, -2] }] },
    RangeError,
    'Expected a positive integer, or -1 for a free dimension, for `inputSpec[0].shape[1]`, got `-2` (number).',
  ],
  [
    { ...own, inputSpec: [{ name: 'y', type: 'int32', shape: [1] }] },
    TypeError,
    'Unknown option `inputSpec[0].type`. Did you mean `inputSpec[0].dtype`? The options of `inputSpec[0]` are name, dtype, shape.',
  ],
  [
    { ...own, modelArgs: '[1]' },
    TypeError,
    'Expected an object or an array of arguments for `modelArgs`, got `[1]` (string).',
  ],
  [
    { ...own, modelArgs: { sizes: [1, NaN] } },
    RangeError,
    'Expected a finite number for `modelArgs.sizes[1]`, got `NaN` (number).',
  ],
  [
    { ...own, modelArgs: { when: new Date(0) } },
    TypeError,
    'Expected JSON for `modelArgs.when`, got an object (Date).',
  ],
  [{ ...own, modelArgs: [undefined] }, TypeError, 'Expected JSON for `modelArgs[0]`, got undefined.'],
])('%j is rejected before anything starts', (options, kind, message) => {
  expect(() => fillExportOptions(options)).toThrow(kind)
  expect(() => fillExportOptions(options)).toThrow(expect.objectContaining({ message }))
})
