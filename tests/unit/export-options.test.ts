import { expect, test } from '@jest/globals'
import { fillExportOptions } from '../../src/export/options.js'

test('what is left out has the tutorial’s value, or is the network’s own to say', () => {
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

test.each<[Record<string, unknown>, new () => Error, string]>([
  [{ model: 3 }, TypeError, 'Expected a string for `model`, got `3` (number).'],
  [{ model: '' }, RangeError, 'Expected a string that is not empty for `model`, got `` (string).'],
  [{ imgSize: '224' }, TypeError, 'Expected a positive integer for `imgSize`, got `224` (string).'],
  [{ imgSize: 0 }, RangeError, 'Expected a positive integer for `imgSize`, got `0` (number).'],
  [{ numClasses: 1.5 }, RangeError, 'Expected a positive integer for `numClasses`, got `1.5` (number).'],
  [{ seed: -1 }, RangeError, 'Expected an integer from 0 on for `seed`, got `-1` (number).'],
  [{ saveInferenceDir: null }, TypeError, 'Expected a string for `saveInferenceDir`, got null.'],
  [
    { pretrained: 1 },
    TypeError,
    'Expected a boolean or the path of a .pdparams file for `pretrained`, got `1` (number).',
  ],
  [{ device: 'xpu' }, RangeError, 'Expected `cpu` or `gpu` for `device`, got `xpu` (string).'],
  [{ format: 2 }, TypeError, 'Expected `pdmodel` or `json` for `format`, got `2` (number).'],
  [{ softmax: 'yes' }, TypeError, 'Expected a boolean for `softmax`, got `yes` (string).'],
  [
    { labels: ['hen', 3] },
    TypeError,
    'Expected an array of strings or the path of a file for `labels`, got an array.',
  ],
  [{ signal: {} }, TypeError, 'Expected an AbortSignal for `signal`, got an object (Object).'],
  [{ onProgress: 'log' }, TypeError, 'Expected a function for `onProgress`, got `log` (string).'],
  [
    { imageSize: 3 },
    TypeError,
    'Unknown option `imageSize`. The options are model, imgSize, saveInferenceDir, pretrained, numClasses, device, ' +
      'format, seed, softmax, labels, python, signal, onProgress.',
  ],
])('%j is refused at the door', (options, kind, message) => {
  expect(() => fillExportOptions(options)).toThrow(kind)
  expect(() => fillExportOptions(options)).toThrow(expect.objectContaining({ message }))
})
