import { describe, expect, test } from '@jest/globals'
import { countValue, fractionValue, switchValue, textValue } from '../../src/commands/flags/flag.js'

describe('a switch, like str2bool', () => {
  const value = switchValue('use-gpu')
  test.each(['True', 'true', 'TRUE', 't', 'T', '1', '', true])('%j is true', (given) => {
    expect(value(given)).toBe(true)
  })
  test.each(['False', 'false', 'f', '0', false])('%j is false', (given) => {
    expect(value(given)).toBe(false)
  })
  test('the last of several values counts', () => {
    expect(value(['true', 'false'])).toBe(false)
  })
  test('other values are rejected', () => {
    expect(() => value('yes')).toThrow(new Error('Expected true or false for --use-gpu, got yes.'))
  })
})

describe('a count', () => {
  const value = countValue('batch-size', 1)
  test('is an integer; the last of several values counts', () => {
    expect([value('8'), value(8), value(['8', '16'])]).toEqual([8, 8, 16])
  })
  test.each(['0', '-1', '1.5', '1e3', '0x10', 'many', '99999999999999999999'])('%j is rejected', (given) => {
    expect(() => value(given)).toThrow(
      new Error(`Expected a positive integer for --batch-size, got ${given}.`),
    )
  })
})

describe('a number from 0 to 1', () => {
  const value = fractionValue('threshold')
  test('is written with a point; the last of several values counts', () => {
    expect(['0', '1', '0.25', '.5', '1e-3', ['0.1', '0.2']].map(value)).toEqual([0, 1, 0.25, 0.5, 0.001, 0.2])
  })
  test.each(['-0.1', '1.01', '0,5', '0x1', 'half', 'NaN'])('%j is rejected', (given) => {
    expect(() => value(given)).toThrow(
      new Error(`Expected a number from 0 to 1 for --threshold, got ${given}.`),
    )
  })
})

test('an empty count is rejected', () => {
  expect(() => countValue('seed', 0)('')).toThrow(
    new Error('Expected a non-negative integer for --seed, got an empty value.'),
  )
})

test('an empty string is rejected', () => {
  expect(textValue('labels')('names.txt')).toBe('names.txt')
  expect(() => textValue('labels')('')).toThrow(new Error('Expected a value for --labels.'))
})
