import { createInterface } from 'node:readline'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { ReplyReader } from '../../src/bridge/run-channel.js'
import { Lane, Region } from '../../src/bridge/index.js'
import { launch, type Launched } from '../../src/bridge/launch-worker.js'
import { fuzzing } from '../helpers/fuzz.js'
import { makeNets, type Nets } from '../helpers/nets.js'
import { testPython } from '../helpers/python.js'

const width: Record<string, number> = {
  float64: 8,
  float32: 4,
  float16: 2,
  bfloat16: 2,
  int64: 8,
  int32: 4,
  int16: 2,
  int8: 1,
  uint8: 1,
  uint16: 2,
  uint32: 4,
  uint64: 8,
  bool: 1,
  complex64: 8,
  complex128: 16,
}

interface Heard {
  readonly replies: { id: number; reply: unknown }[]
  broken: string | undefined
}

/** What a reader makes of a text that comes in these pieces. */
function read(pieces: readonly string[], longestLine = 2 ** 20): Heard {
  const heard: Heard = { replies: [], broken: undefined }
  const reader = new ReplyReader(
    {
      reply: (id, reply) => {
        // What is broken ends it: nothing may come after it.
        if (heard.broken !== undefined) throw new Error('an answer after the end')
        heard.replies.push({ id, reply })
        return undefined
      },
      broken: (problem) => {
        if (heard.broken !== undefined) throw new Error('broken twice')
        heard.broken = problem
      },
    },
    longestLine,
  )
  for (const piece of pieces) reader.push(piece)
  return heard
}

/** Whether Node can act on an answer without touching anything beyond `end`: that of a raw one is the region's. */
function isSafe(reply: unknown, size?: number): boolean {
  const { error, value, need, outputs, hooked, end = size } = reply as Record<string, unknown>
  if (error !== undefined) {
    const { type, message, traceback } = error as Record<string, unknown>
    return [type, message, traceback].every((text) => typeof text === 'string')
  }
  if (outputs === undefined) return value === null || Number.isSafeInteger(value ?? need)
  const tensors = [...(outputs as unknown[]), ...((hooked ?? []) as unknown[])]
  return tensors.every((tensor) => {
    const { name, dtype, shape, offset } = tensor as {
      name: unknown
      dtype: string
      shape: number[]
      offset: number
    }
    const count = shape.reduce((product, dimension) => product * dimension, 1)
    return (
      typeof name === 'string' &&
      shape.every((dimension) => Number.isSafeInteger(dimension) && dimension >= 0) &&
      offset >= 0 &&
      offset % 64 === 0 &&
      offset + count * width[dtype]! <= Number(end)
    )
  })
}

const goodReply = {
  outputs: [
    { name: 'out', dtype: 'float32', shape: [2, 3], offset: 0, lod: [[0, 1, 2]] },
    { name: 'more', dtype: 'int64', shape: [], offset: 64 },
  ],
  hooked: [{ name: 'h', dtype: 'bool', shape: [4], offset: 128, hook: 'input', operator: 'relu' }],
}
const goodRun = {
  model: 0,
  lane: 0,
  inputBytes: 4096,
  arenaBytes: 4096,
  fetch: null,
  feeds: [
    { name: 'x', dtype: 'float32', shape: [1, 3], offset: 0 },
    { name: 'n', dtype: 'int64', shape: [1], offset: 64 },
  ],
}

/** The JSON of anything; of what has none, a text that is none. */
const json = (value: unknown): string => (value === undefined ? 'undefined' : JSON.stringify(value))

/** What may stand where something else is expected. */
const odd = fc.oneof(
  fc.jsonValue({ maxDepth: 2 }),
  fc.constantFrom(
    -1,
    0,
    0.5,
    63,
    64,
    4096,
    2 ** 31,
    2 ** 53,
    1e300,
    -64,
    true,
    null,
    'int16',
    'object',
    '',
    {},
    [],
  ),
)

/** A JSON value with something odd at one place in it. */
function spoilt(good: unknown): fc.Arbitrary<unknown> {
  return fc.tuple(fc.nat(), odd, fc.boolean()).map(([place, value, isRemoved]) => {
    const places: [Record<string, unknown>, string][] = []
    const copy = structuredClone({ good })
    const walk = (node: Record<string, unknown>): void => {
      for (const key of Object.keys(node)) {
        places.push([node, key])
        const child = node[key]
        if (typeof child === 'object' && child !== null) walk(child as Record<string, unknown>)
      }
    }
    walk(copy)
    const [owner, key] = places[place % places.length]!
    if (isRemoved && !Array.isArray(owner)) Reflect.deleteProperty(owner, key)
    else owner[key] = value
    return copy.good
  })
}

const line = (text: fc.Arbitrary<string>): fc.Arbitrary<string> =>
  fc
    .tuple(fc.oneof({ weight: 9, arbitrary: fc.nat().map(String) }, fc.string()), text)
    .map(([id, json]) => `${id} ${json}\n`)

const lines = fc.array(
  fc.oneof(
    line(spoilt(goodReply).map((value) => json(value))),
    line(fc.constant(JSON.stringify(goodReply))),
    line(spoilt({ need: 4096 }).map((value) => json(value))),
    line(
      spoilt({ error: { code: null, type: 'T', message: 'm', traceback: 't' } }).map((value) => json(value)),
    ),
    line(fc.json()),
    fc.string({ unit: 'binary' }),
  ),
  { maxLength: 6 },
)

describe('what Node hears', () => {
  test('it can act on, or does not believe', () => {
    fc.assert(
      fc.property(lines, (texts) => {
        const { replies } = read([texts.join('')])
        expect(replies.filter(({ reply }) => !isSafe(reply))).toEqual([])
      }),
      fuzzing.parameters('replies', 2000),
    )
  })

  test('is the same in whatever pieces it comes', () => {
    fc.assert(
      fc.property(lines, fc.array(fc.integer({ min: 1, max: 9 })), (texts, sizes) => {
        const text = texts.join('')
        const pieces: string[] = []
        for (let at = 0, index = 0; at < text.length; index++) {
          const size = sizes[index % (sizes.length || 1)] ?? 5
          pieces.push(text.slice(at, at + size))
          at += size
        }
        expect(read(pieces)).toEqual(read([text]))
      }),
      fuzzing.parameters('pieces of replies', 1000),
    )
  })

  test.each([
    ['of a line that is too long', ['1 {"value":', '1'.repeat(99)], 'a line that is too long'],
    ['of a long line with an end', [`1 ${'['.repeat(99)}\n1 {"value":1}\n`], 'a line that is too long'],
    ['of deep nesting', [`1 ${'['.repeat(50)}\n`], 'an invalid reply'],
  ])('never more than the longest line is kept: %s', (_, pieces, broken) => {
    expect(read(pieces, 64)).toEqual({ replies: [], broken })
  })
})

describe('what a worker hears', () => {
  let nets: Nets
  let lane: Lane
  let launched: Launched
  let arena: Region

  beforeAll(async () => {
    nets = await makeNets()
    lane = new Lane(0)
    arena = new Region()
    lane.input.grow(4096)
    new Float32Array(lane.input.buffer).set([1, 2, 3])
    new BigInt64Array(lane.input.buffer)[8] = 7n
    arena.grow(4096)
    const descriptors = [arena, lane.input, lane.output].map(({ descriptor }) => descriptor)
    launched = launch({ interpreter: await testPython(), descriptors, whole: false })
    const { process, control, hello } = launched
    await hello
    await control.call('create', {
      format: 'pdmodel',
      program: `${nets.twoInTwoOut}/inference.pdmodel`,
      params: null,
      calls: [],
      memory: null,
      withoutOneDnn: true,
      strict: true,
      prepare: null,
    })
    const [arenaThere, input, output] = [0, 1, 2].map((index) => process.inherited(index))
    control.start('serve', {
      runChannel: process.runChannelDescriptor,
      arena: arenaThere,
      lanes: [{ input, output }],
    })
  })

  afterAll(async () => {
    await launched.process.stop()
    lane.close()
    arena.close()
    await nets[Symbol.asyncDispose]()
  })

  /** Requests as bytes, so that they may be no text at all. */
  const requests = fc.oneof(
    spoilt(goodRun).map((value) => Buffer.from(json(value))),
    spoilt({ model: 0, ask: 'clearIntermediateTensor' }).map((value) => Buffer.from(json(value))),
    fc.json().map((text) => Buffer.from(text)),
    fc.uint8Array({ maxLength: 64 }).map((bytes) => Buffer.from(bytes.filter((byte) => byte !== 10))),
    fc
      .constantFrom('NaN', '[NaN]', `{"lane":${'9'.repeat(5000)}}`, '['.repeat(20_000), '\ud800', '')
      .map((text) => Buffer.from(text)),
  )

  test('it answers, line by line, and goes on', async () => {
    const { runChannel } = launched.process
    const answers = createInterface({ input: runChannel })[Symbol.asyncIterator]()
    let id = 0
    const ask = async (request: Buffer): Promise<unknown> => {
      id += 1
      runChannel.write(Buffer.concat([Buffer.from(`${id} `), request, Buffer.from('\n')]))
      const reply = await answer()
      if (typeof reply !== 'object' || reply === null || !('need' in reply)) return reply
      lane.output.grow(Number(reply.need))
      runChannel.write(`${id} {"outputBytes":${lane.output.size}}\n`)
      return answer()
    }
    const answer = async (): Promise<unknown> => {
      const { value } = (await answers.next()) as { value: string }
      expect(value.slice(0, value.indexOf(' '))).toBe(String(id))
      return JSON.parse(value.slice(value.indexOf(' ') + 1))
    }
    await launched.process.held(
      fc.assert(
        fc.asyncProperty(requests, async (request) => {
          expect(isSafe(await ask(request), lane.output.size)).toBe(true)
        }),
        fuzzing.parameters('requests', 400),
      ),
    )
    expect(await ask(Buffer.from(JSON.stringify(goodRun)))).toMatchObject({
      outputs: [{ shape: [1, 3] }, { shape: [1] }],
    })
    expect([...new Float32Array(lane.output.buffer, 0, 3)]).toEqual([8, 9, 10])
  })

  test('what has no number ends it, with a word', async () => {
    launched.process.runChannel.write('no number {}\n')
    const { exitCode, output } = await launched.process.held(launched.process.death)
    expect({ exitCode, output }).toEqual({
      exitCode: 0,
      output: "The run channel received an invalid request: b'no number {}\\n'.",
    })
  })
})
