import { describe, expect, test } from '@jest/globals'
import { listFlags, secondsValue, shapesValue } from '../../src/commands/benchmark/list-flags.js'
import type { Row } from '../../src/commands/benchmark/measure/rows.js'
import { asHtml } from '../../src/commands/benchmark/report/html-page.js'
import { asJson } from '../../src/commands/benchmark/report/json.js'
import { asText } from '../../src/commands/benchmark/report/text.js'
import { PaddleError } from '../../src/errors.js'
import { measured, outcomeOf, settingOf } from '../helpers/benchmark-outcome.js'

const rows: readonly Row[] = [
  { setting: settingOf({ precision: 'bf16' }), error: new PaddleError('PRECISION_UNAVAILABLE', 'No bf16.') },
  measured({ workers: 2, batchSize: 8 }, 312.34, 40),
  measured({}, 101.26, 9.876),
]

describe('the text', () => {
  test('contains a table with the best rows marked, the failures, and the recommendations', () => {
    expect(asText(outcomeOf(rows))).toBe(
      [
        'model: the network alone; a batch of one is x [1,3,224,224]',
        'Node 20.20.2, paddle-ts 0.1.0',
        'A CPU, 4 cores, linux x64',
        'workers  threads  batch  precision  executor  samples/s  p50 ms  p95 ms  p99 ms  loaded p99 ms  runs  best for',
        '      1        1      1  fp32       default       101.3    9.88    9.88    9.88          19.75    20  latency',
        '      2        1      8  fp32       default       312.3   40.00   40.00   40.00          80.00    20  throughput',
        '      1        1      1  bf16       default   PRECISION_UNAVAILABLE',
        'Not measured: 1 worker × 1 thread, bf16, batch 1',
        'No bf16.',
        '[PRECISION_UNAVAILABLE]',
        'Best throughput, 312.3 samples/s:',
        '  --workers 2 --cpu-threads 1 --batch-size 8',
        'Best latency, 9.88 ms:',
        '  --workers 1 --cpu-threads 1 --batch-size 1',
        '',
      ].join('\n'),
    )
  })

  test('recommends a command with images, and warns if the best precision is less accurate', () => {
    const one = { ...measured({ precision: 'bf16' }, 200, 5), loadedLatencies: undefined }
    expect(
      asText(outcomeOf([one], { images: 3, stopped: 'time' }))
        .split('\n')
        .slice(3),
    ).toEqual([
      'workers  threads  batch  precision  executor  images/s  p50 ms  p95 ms  p99 ms  runs  best for',
      '      1        1      1  bf16       default      200.0    5.00    5.00    5.00    20  throughput, latency',
      'Best throughput, 200.0 images/s:',
      "  paddle-ts infer --model-dir model --img-path 'my photos' --workers 1 --cpu-threads 1 --batch-size 1 --precision bf16",
      'Best latency, 5.00 ms:',
      "  paddle-ts infer --model-dir model --img-path 'my photos' --workers 1 --cpu-threads 1 --batch-size 1 --precision bf16",
      'bf16 is less accurate than fp32: compare the results before you use it.',
      'Time limit reached (--max-seconds): the remaining settings were not measured.',
      '',
    ])
  })

  test('contains the reason if nothing was measured', () => {
    expect(asText(outcomeOf([], { images: 1, stopped: 'interrupt' }))).toBe(
      'model: from files to results, 1 image\nNode 20.20.2, paddle-ts 0.1.0\nA CPU, 4 cores, linux x64\n' +
        'Interrupted: the remaining settings were not measured.\n',
    )
  })
})

test('the JSON contains all figures and failures', () => {
  const { results, best, unit, stopped } = JSON.parse(asJson(outcomeOf(rows))) as Record<string, unknown>
  const latencyMs = { min: 9.876, mean: 9.876, p50: 9.876, p95: 9.876, p99: 9.876, max: 9.876 }
  const loadedLatencyMs = { min: 19.752, mean: 19.752, p50: 19.752, p95: 19.752, p99: 19.752, max: 19.752 }
  expect((results as object[])[0]).toEqual({
    ...settingOf({ precision: 'bf16' }),
    error: { code: 'PRECISION_UNAVAILABLE', message: 'No bf16.' },
  })
  expect((results as object[])[2]).toEqual({
    ...settingOf(),
    throughput: 101.26,
    runs: 20,
    latencyMs,
    loadedLatencyMs,
  })
  expect((best as Record<string, unknown>)['latency']).toEqual({
    ...settingOf(),
    flags: '--workers 1 --cpu-threads 1 --batch-size 1',
    options: { model: 'model', workers: 1, cpuThreads: 1 },
  })
  expect([unit, stopped]).toEqual(['samples/s', undefined])
})

describe('the page', () => {
  const evil = `</script><script>alert("1")</script> & 'it'`
  const escaped = '&lt;/script&gt;&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt; &amp; &#39;it&#39;'

  test('escapes user input', () => {
    const failed = { setting: settingOf(), error: new PaddleError('RUN_FAILED', `It failed: ${evil}`) }
    const page = asHtml(
      outcomeOf([...rows, failed], { model: evil, command: `paddle-ts ${evil}`, notes: [evil] }),
    )
    expect(page).not.toContain('alert("1")')
    expect(page).toContain(`<title>Benchmark of ${escaped}</title>`)
    expect(page).toContain(`<h1>${escaped}</h1>`)
    expect(page).toContain(`It failed: ${escaped}\n[RUN_FAILED]</p>`)
    expect(page.match(/<script\b/g)).toHaveLength(3)
    expect(page.match(/<\/script\b/g)).toHaveLength(3)
  })

  test('is self-contained', () => {
    const page = asHtml(outcomeOf(rows))
    expect(page).not.toMatch(/(src|href)=|@import|url\(/)
    expect(page).toContain(
      "content=\"default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'\"",
    )
    expect(page).toContain('var uPlot=')
  })

  /** The data of the plots. */
  const dataOf = (page: string): unknown =>
    JSON.parse(/<script type="application\/json" id="data">\s*(.*?)\s*<\/script>/s.exec(page)![1]!)

  test('has a line of throughput per pool, and one of latency per setting', () => {
    const data = dataOf(asHtml(outcomeOf([...rows, measured({ workers: 2, batchSize: 1 }, 200, 9.9)])))
    expect(data).toMatchObject({
      unit: 'samples/s',
      throughput: {
        batches: [1, 8],
        series: [
          { label: '1 worker × 1 thread, fp32', values: [101.26, null] },
          { label: '2 workers × 1 thread, fp32', values: [200, 312.34] },
        ],
      },
      latency: {
        series: [
          { label: '1 worker × 1 thread, fp32, batch 1', shown: true },
          { label: '2 workers × 1 thread, fp32, batch 1', shown: true },
          { label: '2 workers × 1 thread, fp32, batch 8', shown: true },
        ],
      },
    })
  })

  test('initially shows the best and some more of many settings', () => {
    const many = Array.from({ length: 20 }, (_, index) =>
      measured({ batchSize: index + 1 }, 10 * index, 50 - index),
    )
    const { latency } = dataOf(asHtml(outcomeOf(many))) as { latency: { series: { shown: boolean }[] } }
    expect(latency.series.map(({ shown }, index) => (shown ? index + 1 : 0)).filter(Boolean)).toEqual([
      1, 2, 3, 4, 20,
    ])
  })

  test('has bars instead of lines for a single batch size', () => {
    const page = asHtml(outcomeOf([measured({}, 50, 1), measured({ workers: 2 }, 100, 1)]))
    expect(page).not.toContain('id="throughput-plot"')
    expect([...page.matchAll(/<i style="width: ([\d.]+)%">/g)].map(([, width]) => width)).toEqual([
      '37.5',
      '75.0',
    ])
  })
})

describe('values of flags', () => {
  test('lists, comma-separated or repeated', () => {
    const workers = listFlags['workers']!.coerce!
    expect([workers('2'), workers('1, 2'), workers(['1,auto', '4'])]).toEqual([[2], [1, 2], [1, 'auto', 4]])
    expect(() => workers('1,')).toThrow(
      new Error('Expected an integer from 1 to 1024 for --workers, got an empty value.'),
    )
    expect(() => workers('1,two')).toThrow(
      new Error('Expected an integer from 1 to 1024 for --workers, got two.'),
    )
  })

  test('seconds', () => {
    const seconds = secondsValue('duration')
    expect([seconds('2'), seconds('.5'), seconds(['1', '0.25'])]).toEqual([2, 0.5, 0.25])
    for (const wrong of ['0', '-1', '1s', '1e3', 'Infinity']) {
      expect(() => seconds(wrong)).toThrow(
        new Error(`Expected a number of seconds above 0 for --duration, got ${wrong}.`),
      )
    }
  })

  test('shapes', () => {
    const shapes = shapesValue('shape')
    expect(shapes(['x=1,3,224,224', 'a=b=2'])).toEqual([
      ['x', [1, 3, 224, 224]],
      ['a=b', [2]],
    ])
    for (const wrong of ['x', 'x=', 'x=1,', '=1', 'x=0,3', 'x=-1,3', 'x=1x3']) {
      expect(() => shapes(wrong)).toThrow(
        new Error(`Expected NAME=SHAPE, such as x=1,3,224,224, for --shape, got ${wrong}.`),
      )
    }
  })
})
