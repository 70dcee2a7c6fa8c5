import { describe, expect, test } from '@jest/globals'
import { csvFormat } from '../../src/commands/infer/results/csv-format.js'
import { jsonFormat, textFormat } from '../../src/commands/infer/results/formats.js'
import { PaddleError } from '../../src/errors.js'
import { exactNumber, pythonFloat, taskDefinition, type ImageResult } from '../../src/tasks/index.js'

// One after the other: Jest cannot link two dynamic imports that share modules at once.
const { results: classForms } = await taskDefinition('classify')
const { results: boxForms } = await taskDefinition('detect')
const textOfClasses = textFormat(classForms, exactNumber)
const textOfBoxes = textFormat(boxForms, exactNumber)
const jsonOfClasses = jsonFormat(classForms)
const jsonOfBoxes = jsonFormat(boxForms)

const prob = Math.fround(0.001)
const answer = {
  image: 'a, b.jpg',
  topK: [
    { classId: 7, score: prob, prob, label: 'cock, "red"' },
    { classId: 3, score: Math.fround(1e-7), prob: Math.fround(1e-7) },
  ],
}
const boxes = {
  image: 'a.jpg',
  boxes: [
    { classId: 1, score: Math.fround(0.9), label: 'hen, "red"', x1: 1.005, y1: -2, x2: 1e-7, y2: 1234.5678 },
    { classId: 3, score: 0.5, x1: 0, y1: 1, x2: 2, y2: 3 },
  ],
}
const failure = { image: 'no.jpg', error: new PaddleError('IMAGE_NOT_FOUND', 'There is none.\nGive one.') }

test('text: the tutorial’s line per class, none for an error', () => {
  expect(textOfClasses.lines(answer)).toBe(
    'image_name: a, b.jpg, class_id: 7, prob: 0.0010000000474974513, label: cock, "red"\n' +
      'image_name: a, b.jpg, class_id: 3, prob: 1.0000000116860974e-07\n',
  )
  expect(textOfClasses.lines(failure)).toBe('')
})

test('text: names and labels with control characters are quoted for a shell', () => {
  const image = "a\nimage_name: b's\u001b[2J.jpg"
  expect(
    textOfClasses.lines({
      image,
      topK: [{ classId: 1, score: 0.5, prob: 0.5, label: 'x\r' }],
    } as ImageResult),
  ).toBe("image_name: $'a\\x0aimage_name: b\\'s\\x1b[2J.jpg', class_id: 1, prob: 0.5, label: $'x\\x0d'\n")
})

test('JSON: one object per line and image', () => {
  expect(jsonOfClasses.lines(answer)).toBe(
    '{"image":"a, b.jpg","topK":[{"classId":7,"score":0.0010000000474974513,"prob":0.0010000000474974513,"label":"cock, \\"red\\""},' +
      '{"classId":3,"score":1.0000000116860974e-7,"prob":1.0000000116860974e-7}]}\n',
  )
  expect(jsonOfClasses.lines(failure)).toBe(
    '{"image":"no.jpg","error":{"code":"IMAGE_NOT_FOUND","message":"There is none.\\nGive one."}}\n',
  )
})

test('CSV: one row per class or error', () => {
  const { head, lines } = csvFormat(classForms)
  expect(head + lines(answer) + lines(failure)).toBe(
    'image,rank,classId,score,label,errorCode,errorMessage\n' +
      '"a, b.jpg",1,7,0.0010000000474974513,"cock, ""red""",,\n' +
      '"a, b.jpg",2,3,1.0000000116860974e-07,,,\n' +
      'no.jpg,,,,,IMAGE_NOT_FOUND,"There is none.\nGive one."\n',
  )
})

describe('boxes', () => {
  test('text: one line per box, its corners to a hundredth of a pixel', () => {
    expect(textOfBoxes.lines(boxes)).toBe(
      'image_name: a.jpg, class_id: 1, score: 0.8999999761581421, box: [1.00, -2.00, 0.00, 1234.57], label: hen, "red"\n' +
        'image_name: a.jpg, class_id: 3, score: 0.5, box: [0.00, 1.00, 2.00, 3.00]\n',
    )
  })
  test('JSON: a list', () => {
    expect(jsonOfBoxes.lines(boxes)).toBe(
      '{"image":"a.jpg","boxes":[{"classId":1,"score":0.8999999761581421,"label":"hen, \\"red\\"","x1":1.005,"y1":-2,' +
        '"x2":1e-7,"y2":1234.5678},{"classId":3,"score":0.5,"x1":0,"y1":1,"x2":2,"y2":3}]}\n',
    )
  })
  test('CSV: columns of their own', () => {
    const { head, lines } = csvFormat(boxForms)
    expect(head + lines(boxes) + lines(failure)).toBe(
      'image,rank,classId,score,label,x1,y1,x2,y2,errorCode,errorMessage\n' +
        'a.jpg,1,1,0.8999999761581421,"hen, ""red""",1.005,-2.0,1e-07,1234.5678,,\n' +
        'a.jpg,2,3,0.5,,0.0,1.0,2.0,3.0,,\n' +
        'no.jpg,,,,,,,,,IMAGE_NOT_FOUND,"There is none.\nGive one."\n',
    )
  })
})

describe('CSV: a cell that a spreadsheet would read as a formula', () => {
  const formula = '=HYPERLINK("http://x")'

  test.each([['=1+1'], ['+1'], ['-1'], ['@A1'], ['\t=1'], ['＝1+1']])('%j is text', (text) => {
    const { lines } = csvFormat(classForms)
    expect(
      lines({ image: text, topK: [{ classId: 1, score: 0.5, prob: 0.5, label: text }] } as ImageResult),
    ).toBe(`'${text},1,1,0.5,'${text},,\n`)
  })
  test('is quoted', () => {
    const error = new PaddleError('IMAGE_NOT_FOUND', formula)
    expect(csvFormat(classForms).lines({ image: 'a', error })).toBe(
      `a,,,,,IMAGE_NOT_FOUND,"'=HYPERLINK(""http://x"")"\n`,
    )
  })
  test('is unchanged if it is a number', () => {
    const [x1, y1, x2, y2] = [-1.5, -1e-7, -Infinity, -0]
    const box = { classId: -1, score: -0.5, label: '-1.5', x1, y1, x2, y2 }
    expect(csvFormat(boxForms).lines({ image: 'a', boxes: [box] } as ImageResult)).toBe(
      "a,1,-1,-0.5,'-1.5,-1.5,-1e-07,-inf,-0.0,,\n",
    )
  })
})

describe('an image without classes', () => {
  const noBox = { ...boxes, boxes: [] }
  const noClass = { image: 'a.jpg', topK: [] }
  test('text: a line without class', () => {
    expect(textOfBoxes.lines(noBox)).toBe('image_name: a.jpg, no box\n')
    expect(textOfClasses.lines(noClass)).toBe('image_name: a.jpg, no class\n')
  })
  test('JSON: an empty list', () => {
    expect(jsonOfBoxes.lines(noBox)).toBe('{"image":"a.jpg","boxes":[]}\n')
    expect(jsonOfClasses.lines(noClass)).toBe('{"image":"a.jpg","topK":[]}\n')
  })
  test('CSV: a row of empty cells', () => {
    expect(csvFormat(boxForms).lines(noBox)).toBe('a.jpg,,,,,,,,,,\n')
    expect(csvFormat(classForms).lines(noClass)).toBe('a.jpg,,,,,,\n')
  })
})

describe('numbers are written as in Python', () => {
  test.each([
    [1, '1.0'],
    [0, '0.0'],
    [-0, '-0.0'],
    [0.5, '0.5'],
    [0.0001, '0.0001'],
    [0.00001, '1e-05'],
    [Math.fround(1.5e-5), '1.4999999621068127e-05'],
    [1e15, '1000000000000000.0'],
    [1e16, '1e+16'],
    [NaN, 'nan'],
    [Infinity, 'inf'],
    [-Infinity, '-inf'],
  ])('%d is %s', (value, text) => {
    expect(pythonFloat(value)).toBe(text)
  })
})
