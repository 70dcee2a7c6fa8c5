import { expect, test } from '@jest/globals'
import { progressText, Rate } from '../../src/commands/terminal/progress.js'

const step = 'Classifying images'

test('a step without progress shows its name only', () => {
  expect(progressText({ step }, { columns: 80 })).toBe(step)
})

test('counted steps have a bar, the rate and the remaining time', () => {
  const progress = { step, done: 250, total: 1000, unit: 'images' }
  expect(progressText(progress, { perSecond: 212.4, columns: 100 })).toBe(
    'Classifying images ████████░░░░░░░░░░░░░░░░░░░░░░ 250 of 1000, 212 images/s, 4 s left',
  )
  expect(progressText(progress, { columns: 100 })).toBe(
    'Classifying images ████████░░░░░░░░░░░░░░░░░░░░░░ 250 of 1000',
  )
})

test('without a total, only the rate is shown', () => {
  const progress = { step, done: 250, unit: 'images' }
  expect(progressText(progress, { perSecond: 3.14, columns: 80 })).toBe(
    'Classifying images 250 images, 3.1 images/s',
  )
})

test('without a unit, the percentage and the remaining time are shown', () => {
  expect(progressText({ step: 'Downloading', done: 5, total: 200 }, { perSecond: 1, columns: 60 })).toBe(
    'Downloading █░░░░░░░░░░░░░░░░░░░░░░░░░░ 2 %, 3 min 15 s left',
  )
})

test.each([
  [75, 'Classifying images █████░░░░░░░░░░░░░░░ 250 of 1000, 212 images/s, 4 s left'],
  [60, 'Classifying images 250 of 1000, 212 images/s, 4 s left'],
  [45, 'Classifying images 250 of 1000, 4 s left'],
  [32, 'Classifying images 250 of 1000'],
  [10, 'Classifying images 250 of 1000'],
])('a line of %i columns contains what fits', (columns, text) => {
  const progress = { step, done: 250, total: 1000, unit: 'images' }
  expect(progressText(progress, { perSecond: 212.4, columns })).toBe(text)
})

test.each([
  [1, '1 s'],
  [59.2, '1 min 0 s'],
  [3600, '1 h 0 min'],
  [7502, '2 h 5 min'],
])('%d remaining seconds are %s', (seconds, left) => {
  const text = progressText({ step: 'Downloading', done: 0, total: seconds }, { perSecond: 1, columns: 32 })
  expect(text).toBe(`Downloading 0 %, ${left} left`)
})

test('the rate is averaged over the last seconds', () => {
  const rate = new Rate()
  expect(rate.perSecond()).toBeUndefined()
  rate.add(0, 1)
  rate.add(400, 5)
  expect(rate.perSecond()).toBeUndefined()
  rate.add(1000, 11)
  expect(rate.perSecond()).toBe(10)
  for (let at = 2000; at <= 30_000; at += 1000) rate.add(at, 11 + (at - 1000) / 10)
  expect(rate.perSecond()).toBe(100)
})

test('the rate is unknown until something is done', () => {
  const rate = new Rate()
  rate.add(0, 3)
  rate.add(5000, 3)
  expect(rate.perSecond()).toBeUndefined()
})
