import { expect, test } from '@jest/globals'
import { tieLoneDash } from '../../src/cli/lone-dash.js'

test('a lone dash is tied to its flag, where there is one', () => {
  for (const command of ['infer', 'verify']) {
    expect(tieLoneDash([command, '--img-path', 'a.jpg', '-', '--topk', '2'])).toEqual([
      ...[command, '--img-path', 'a.jpg', '--img-path=-', '--topk', '2'],
    ])
  }
  expect(tieLoneDash(['doctor', '-'])).toEqual(['doctor', '-'])
})
