import '../helpers/nothing-left.js'
import { copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { execa } from 'execa'
import { paddleTs } from '../helpers/command-line.js'
import { root } from '../helpers/project.js'
import { testPython } from '../helpers/python.js'

const characters = join(root, 'images/characters')

let folder: string
let env: Readonly<Record<string, string>>
beforeAll(async () => {
  env = { PADDLE_TS_PYTHON: await testPython() }
  folder = await mkdtemp(join(tmpdir(), 'words-'))
  await mkdir(join(folder, 'photos'))
  const copies = { '5.jpg': '5-shadow.jpg', '-x.jpg': '5-shadow.jpg', 'b.jpg': 'B-number-plate.jpg' }
  for (const [name, from] of Object.entries({ ...copies, 'photos/q.png': 'Q-grey.png' })) {
    await copyFile(join(characters, from), join(folder, name))
  }
})
afterAll(async () => {
  await rm(folder, { recursive: true })
})

/** The images and their first labels, in the order of the results. */
function labelsIn(stdout: string): string[] {
  const results = stdout
    .split('\n')
    .map((line) => JSON.parse(line) as { image: string; topK: { label: string }[] })
  return results.map(
    ({ image, topK }) => `${image} ${topK.map(({ label }) => label)[0] ?? ''} ${topK.length}`,
  )
}

async function infer(line: string): Promise<string[]> {
  const { stdout, stderr, exitCode } = await paddleTs(line.split(' '), { cwd: folder, env })
  expect([stderr, exitCode]).toEqual(['', 0])
  return labelsIn(stdout)
}

describe('infer', () => {
  test('takes images as words and as flags, in the order of the line', async () => {
    expect(await infer('infer 5.jpg -i b.jpg photos -q 5.jpg -k2 b.jpg --json -- -x.jpg')).toEqual([
      ...['5.jpg 5 2', 'b.jpg B 2', 'photos/q.png Q 2', '5.jpg 5 2', 'b.jpg B 2', '-x.jpg 5 2'],
    ])
  })

  test('has other names', async () => {
    const results = await Promise.all([infer('predict --json 5.jpg -q'), infer('classify 5.jpg --json -q')])
    expect(results).toEqual([['5.jpg 5 1'], ['5.jpg 5 1']])
  })

  test('takes paths on standard input for -, among other images', async () => {
    const line = ['infer', 'b.jpg', '-', '-q', '--json']
    const program = join(root, 'bin/paddle-ts.js')
    const { stdout } = await execa(process.execPath, [program, ...line], {
      cwd: folder,
      env,
      input: '5.jpg\n',
    })
    expect(labelsIn(stdout)).toEqual(['b.jpg B 1', '5.jpg 5 1'])
  })

  test('without any path on standard input, a note says so', async () => {
    const { stdout, stderr, exitCode } = await paddleTs(
      ['infer', '-', '-m', join(root, 'models/characters')],
      {
        cwd: folder,
        env,
      },
    )
    expect([stdout, stderr, exitCode]).toEqual(['', 'There was no path on standard input.', 0])
  })

  test('images on the line override those of a file', async () => {
    const config = join(folder, 'own.json')
    await writeFile(config, JSON.stringify({ imgPath: 'no.jpg', predict: { topk: 3, json: true } }))
    expect(await infer('infer b.jpg -q --config own.json')).toEqual(['b.jpg B 3'])
    expect(await infer('classify b.jpg -qk1 --config own.json')).toEqual(['b.jpg B 1'])
  })
})

test('verify and benchmark take images, inspect takes a model', async () => {
  const [verify, benchmark, inspect] = await Promise.all([
    paddleTs(['verify', '5.jpg', 'b.jpg', '-q', '--json'], { cwd: folder, env }),
    paddleTs(['benchmark', '5.jpg', '--runs', '1', '--warmup', '0', '--json', '-q'], { cwd: folder, env }),
    paddleTs(['inspect', join(root, 'models/characters'), '--json'], { cwd: folder, env }),
  ])
  const verified = verify.stdout.split('\n').map((line) => JSON.parse(line) as object)
  expect(verified.slice(0, 2)).toMatchObject([{ image: '5.jpg' }, { image: 'b.jpg' }])
  expect(JSON.parse(benchmark.stdout)).toMatchObject({ images: 1 })
  expect(inspect.stdout).toContain(join(root, 'models/characters'))
})
