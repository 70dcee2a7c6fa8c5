/** Boxes are post-processed as plain Python does for PaddleX, bit for bit. */
import { expect, test } from '@jest/globals'
import type { BoxMerging, PaddleXBoxes } from '../../src/model/index.js'
import { boxesOf, type BoxLimits } from '../../src/tasks/detect/boxes.js'
import { runPython } from '../helpers/python.js'
import { pick, randomFrom } from '../helpers/random.js'

const names = ['text', 'image', 'table', 'formula', 'inline_formula', 'reference', 'chart', 'seal']

interface Case {
  readonly columns: number
  readonly rows: readonly (readonly number[])[]
  readonly size: { readonly width: number; readonly height: number }
  readonly labels: readonly string[]
  readonly limits: BoxLimits
}

function casesFrom(random: () => number, count: number): Case[] {
  const oneOf = <T>(list: readonly T[]): T => list[pick(random, list.length)] as T
  const between = (least: number, most: number): number => least + random() * (most - least)
  const byClass = <T>(value: () => T): Record<number, T> =>
    Object.fromEntries([0, 1, 2].map(() => [pick(random, names.length), value()]))
  const mode = (): BoxMerging => oneOf(['union', 'large', 'small'])

  /** Boxes on the image, beyond its edges, on each other, over all of it, and without an area. */
  const sidesOn = ({ width, height }: Case['size'], before: Case['rows']): number[] => {
    const other = before.length > 0 && random() < 0.5 ? oneOf(before).slice(2, 6) : undefined
    if (other) {
      const distance = oneOf([0, 1, 5, 20])
      return other.map((side) => side + (random() - 0.5) * distance)
    }
    if (random() < 0.1) return [0, 0, width, height]
    const [x, y] = [between(-10, width), between(-10, height)]
    return [x, y, x + between(-2, width / 2), y + between(-2, height / 2)]
  }

  return Array.from({ length: count }, () => {
    const columns = 6 + pick(random, 3)
    const size = { width: 50 + pick(random, 450), height: 50 + pick(random, 450) }
    const rows: number[][] = []
    const most = pick(random, 14)
    while (rows.length < most) {
      const order = [columns === 7 ? (rows.length * 7919) % 23 : pick(random, 5), pick(random, 3)]
      const values = [pick(random, names.length + 1) - 1, random(), ...sidesOn(size, rows), ...order]
      rows.push([...Float32Array.from(values.slice(0, columns))])
    }
    const layoutUnclip = oneOf([undefined, [1.2, 0.9] as const, byClass(() => [1.5, 1.1] as const)])
    const layoutMerge = oneOf([undefined, mode(), byClass(mode)])
    const paddleX: PaddleXBoxes = {
      ...(random() < 0.5 && { layoutNms: true }),
      ...(layoutMerge && { layoutMerge }),
      ...(layoutUnclip && { layoutUnclip }),
      ...(random() < 0.4 && { isLayoutAnalysis: true }),
    }
    const limits = {
      threshold: Math.round(random() * 60) / 100,
      ...(random() < 0.3 && { ofClass: byClass(random) }),
      ...(random() < 0.9 && { paddleX }),
    }
    const labels = [...names].sort(() => random() - 0.5)
    return { columns, rows, size, labels, limits }
  })
}

test('boxes of any kind', async () => {
  const cases = casesFrom(randomFrom(17), 1500)
  const lines = cases.map(({ columns, rows, size: { width, height }, labels, limits }) =>
    JSON.stringify({
      ...{ columns, rows, original: [height, width] },
      reading: { kind: 'boxes', unit: 'original', ...limits, labels },
    }),
  )
  const answers = (await runPython('reference_boxes.py', [], lines.join('\n'))).trim().split('\n')
  expect(answers).toHaveLength(cases.length)
  let found = 0
  for (const [index, { columns, rows, size, labels, limits }] of cases.entries()) {
    const boxes = boxesOf(
      { data: Float32Array.from(rows.flat()), columns },
      { ...limits, labels, size, unit: { x: 1, y: 1 } },
    )
    found += boxes.length
    const values = boxes.map(({ classId, score, x1, y1, x2, y2 }) => [classId, score, x1, y1, x2, y2])
    expect({ line: lines[index], values }).toEqual({
      line: lines[index],
      values: JSON.parse(answers[index]!) as unknown,
    })
  }
  expect(found).toBeGreaterThan(cases.length)
})
