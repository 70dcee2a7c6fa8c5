import { expect, test } from '@jest/globals'
import { didYouMean } from '../../src/commands/did-you-mean.js'

test.each([
  ['clasify', ['classify', 'detect'], 'classify'],
  ['detetc', ['classify', 'detect'], 'detect'],
  ['tpok', ['task', 'topk'], 'topk'],
  ['batch', ['labels', 'batch-size'], 'batch-size'],
  ['segment', ['classify', 'detect'], undefined],
  // Too short for a suggestion.
  ['tpu', ['cpu', 'gpu'], undefined],
  ['fp8', ['fp16', 'fp32'], undefined],
  ['x', [], undefined],
])('%s among %j: %s', (given, names, meant) => {
  expect(didYouMean(given, names)).toBe(meant === undefined ? '' : `\nDid you mean ${meant}?`)
})
