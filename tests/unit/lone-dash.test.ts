import { expect, test } from '@jest/globals'
import { tieLoneDash } from '../../src/cli/lone-dash.js'

test('a lone dash is tied to its flag, where there is one', () => {
  expect(tieLoneDash(['infer', '--img-path', 'a.jpg', '-', '--topk', '2'])).toEqual([
    ...['infer', '--img-path', 'a.jpg', '--img-path=-', '--topk', '2'],
  ])
  expect(tieLoneDash(['doctor', '-'])).toEqual(['doctor', '-'])
})
