import { Readable } from 'node:stream'
import { finished } from 'node:stream/promises'
import { describe, expect, test } from '@jest/globals'
import { z } from 'zod'
import { beginningOf, endOf, quoted } from '../../src/errors.js'
import { describeZodIssue } from '../../src/model/config-errors.js'
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
