import { describe, expect, test } from '@jest/globals'
import type { Area } from '../../src/image/annotate/canvas.js'
import { coloursOf } from '../../src/image/annotate/canvas.js'
import { placeTags } from '../../src/image/annotate/layout.js'

const image = { width: 320, height: 200 }
const tag = { width: 60, height: 16 }
const box: Area = { left: 100, top: 60, width: 100, height: 60 }

function overlaps(areas: readonly Area[]): number {
  const pairs = areas.flatMap((one, index) => areas.slice(index + 1).map((other) => [one, other] as const))
  return pairs.filter(
    ([one, other]) =>
      one.left < other.left + other.width &&
      other.left < one.left + one.width &&
      one.top < other.top + other.height &&
      other.top < one.top + one.height,
  ).length
}

describe('the tag of a box', () => {
  test('is above it', () => {
    expect(placeTags([{ box, tag }], image)).toEqual([{ left: 100, top: 44, ...tag }])
  })

  test('is inside it where there is no room above', () => {
    expect(placeTags([{ box: { ...box, top: 10 }, tag }], image)).toEqual([{ left: 100, top: 10, ...tag }])
  })

  test('is inside the image', () => {
    const corner = { left: 310, top: 195, width: 10, height: 5 }
    expect(placeTags([{ box: corner, tag }], image)).toEqual([{ left: 260, top: 179, ...tag }])
  })

  test('moves away from those before it, which stay', () => {
    const places = placeTags(
      [
        { box, tag },
        { box, tag },
        { box, tag },
      ],
      image,
    )
    expect(places[0]).toEqual({ left: 100, top: 44, ...tag })
    expect(places[1]).toEqual({ left: 100, top: 60, ...tag })
    expect(overlaps(places)).toBe(0)
  })

  test('stays where it is if its neighbour is not in the way', () => {
    const places = placeTags(
      [
        { box, tag },
        { box: { ...box, left: 160 }, tag },
      ],
      image,
    )
    expect(places.map(({ left, top }) => [left, top])).toEqual([
      [100, 44],
      [160, 44],
    ])
  })

  test('covers others only where there is no room at all', () => {
    const many = (count: number) => Array.from({ length: count }, () => ({ box, tag }))
    expect(overlaps(placeTags(many(8), image))).toBe(0)
    const places = placeTags(many(40), image)
    expect(places).toHaveLength(40)
    expect(overlaps(places)).toBeGreaterThan(0)
    expect(places.at(-1)).toEqual(places[0])
  })
})

describe('the colours of the classes of an image', () => {
  test('differ, up to 80 classes, whatever their numbers', () => {
    const classes = Array.from({ length: 80 }, (_, index) => 16 * index)
    const colourOf = coloursOf(classes)
    expect(new Set(classes.map((id) => colourOf(id).join())).size).toBe(80)
  })

  test('are those of the class unless another one has it', () => {
    const [alone, beside] = [coloursOf([85]), coloursOf([5, 85])]
    expect(alone(85)).toEqual(coloursOf([5])(5))
    expect(beside(5)).toEqual(alone(85))
    expect(beside(85)).not.toEqual(beside(5))
  })

  test('of more than 80 classes are shared', () => {
    const colourOf = coloursOf(Array.from({ length: 200 }, (_, id) => id))
    expect(new Set(Array.from({ length: 200 }, (_, id) => colourOf(id).join())).size).toBe(80)
  })
})
