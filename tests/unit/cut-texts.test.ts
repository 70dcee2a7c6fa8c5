import { Readable } from 'node:stream'
import { finished } from 'node:stream/promises'
import { describe, expect, test } from '@jest/globals'
import { z } from 'zod'
import { UsageError } from '../../src/cli/usage-error.js'
import { countValue } from '../../src/commands/flags/flag.js'
import { beginningOf, endOf, PaddleError, quoted } from '../../src/errors.js'
import { readImage } from '../../src/image/index.js'
import { locateModel, readLabels } from '../../src/model/index.js'
import { describeZodIssue } from '../../src/model/config-errors.js'
import { count } from '../../src/options/index.js'
import { createWarning } from '../../src/warnings.js'
import { OutputTail } from '../../src/python/index.js'

describe('a truncated text', () => {
  test('is never cut inside a surrogate pair', () => {
    expect([1, 2, 3, 4].map((most) => beginningOf('a😀b', most))).toEqual(['a', 'a', 'a😀', 'a😀b'])
    expect([1, 2, 3, 4].map((most) => endOf('a😀b', most))).toEqual(['b', 'b', '😀b', 'a😀b'])
  })

  test('is quoted in messages, with an ellipsis where it is truncated', () => {
    expect(quoted('a "word"\u0000')).toBe(String.raw`"a \"word\"\u0000"`)
    expect(quoted('😀'.repeat(40))).toBe(`"${'😀'.repeat(40)}"`)
    expect(quoted(`${'x'.repeat(79)}😀`)).toBe(`"${'x'.repeat(79)}" …`)
  })

  test('in the error for a value of a file', () => {
    const { error } = z.number({ error: describeZodIssue }).safeParse('😀'.repeat(30))
    expect(error?.issues[0]?.message).toBe(`expected a number, got "${'😀'.repeat(19)}…`)
  })
})

describe('a value of millions of characters', () => {
  const long = '😀'.repeat(1_500_000)
  const lines = 'a\n'.repeat(1_500_000)

  async function messageOf(work: () => unknown): Promise<string> {
    try {
      await work()
    } catch (error) {
      return (error as Error).message
    }
    throw new Error('It did not fail.')
  }

  test.each<[string, () => unknown, number]>([
    ['a path of an image', () => readImage(long), 1300],
    ['a path of an image with lines', () => readImage(lines), 21_000],
    ['a path of a model', () => locateModel(long), 1300],
    ['a path of labels', () => readLabels(long), 1300],
    ['a URL', () => readImage(new URL(`https://example.com/${'a'.repeat(3_000_000)}`)), 700],
    ['a data: URL', () => readImage(`data:,${long}`), 300],
    ['a name of an option', () => readImage('a.png', { [long]: 1 }), 1300],
    ['a word', () => readImage('a.png', { as: long as 'opencv' }), 500],
    ['a big integer', () => readImage('a.png', { maxPixels: (10n ** 100_000n) as unknown as number }), 500],
    ['a flag', () => countValue('topk', 1)(long), 500],
    [
      'a cause',
      () => {
        throw new PaddleError('RUN_FAILED', `It failed: ${long}.`, { short: long })
      },
      1300,
    ],
    [
      'a usage error',
      () => {
        throw new UsageError(`Unknown argument: ${long}`)
      },
      21_000,
    ],
  ])('makes a short message: %s', async (_, work, most) => {
    const message = await messageOf(work)
    expect(message.length).toBeLessThan(most)
    expect(message).toContain('…')
    // No half of a character.
    expect(encodeURIComponent(message)).toContain('%E2%80%A6')
  })

  test('shows where it was cut, and how long it was', () => {
    expect(() => count(1).check('topK', 'x'.repeat(3_000_000))).toThrow(
      new TypeError(
        `Expected a positive integer for \`topK\`, got \`${'x'.repeat(200)}…\` (string of 3000000 characters).`,
      ),
    )
    const error = new PaddleError('RUN_FAILED', `a${'x'.repeat(2000)}z`, { advice: 'y'.repeat(2000) })
    expect(error.shortMessage).toBe(`a${'x'.repeat(664)} … ${'x'.repeat(331)}z`)
    expect(error.shortMessage).toHaveLength(1000)
    // A command to copy is whole.
    expect(error.advice).toHaveLength(2000)
    const [warning] = [createWarning('TEXT_NOT_UTF8', 'x'.repeat(3_000_000))]
    expect(warning.message).toHaveLength(1000)
  })
})

describe('the last output of a process', () => {
  async function followed(chunks: readonly Buffer[]): Promise<OutputTail> {
    const tail = new OutputTail()
    const stream = Readable.from(chunks, { objectMode: false })
    tail.follow(stream)
    await finished(stream)
    return tail
  }

  test('is complete however its bytes are chunked', async () => {
    const bytes = Buffer.from('first\nfehlt: 画像 😀\n')
    const chunks = Array.from(bytes, (_, index) => bytes.subarray(index, index + 1))
    expect((await followed(chunks)).lines(1)).toBe('fehlt: 画像 😀')
  })

  test('begins with a whole character when it is truncated', async () => {
    const tail = await followed([Buffer.from(`${'😀'.repeat(5000)}x`)])
    expect(tail.lines(1)).toBe(`${'😀'.repeat(4095)}x`)
  })
})
