import '../helpers/nothing-left.js'
import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { commandsIn, takeBlocks } from '../helpers/pages.js'
import { makeProjectWithModel, type Project } from '../helpers/project.js'

let project: Project
beforeAll(async () => {
  project = await makeProjectWithModel()
})
afterAll(async () => {
  await project[Symbol.asyncDispose]()
})

// Runs the commands of the page, with a number of runs instead of a duration.
test('docs/benchmark.md: its commands', async () => {
  const [block] = await takeBlocks('docs/benchmark.md', 'sh')
  const [one, all, tuned, ...others] = commandsIn(block)
  expect(others).toEqual([])

  const { stdout, exitCode } = await project.shell(`${one!} --runs 2`)
  expect([exitCode, stdout.split('\n')[0]]).toEqual([
    0,
    expect.stringMatching(/^model: the network alone; a batch of one is \w+ \[1,3,224,224\]$/),
  ])

  expect(await project.shell(`${all!} --runs 2`)).toMatchObject({
    exitCode: 0,
    stdout: expect.stringMatching(/\nBest throughput, [\d.]+ samples\/s:\n {2}--workers \d/),
  })
  expect(await readFile(join(project.folder, 'report.html'), 'utf8')).toContain('id="throughput-plot"')

  const few = '--workers 1 --cpu-threads 1 --executor default --precision fp32 --batch-size 1,2'
  const best = await project.shell(`${tuned!} ${few} --runs 2 --max-seconds 100000`)
  const command = /\nBest throughput, [\d.]+ images\/s:\n {2}(npx paddle-ts infer .*)\n/.exec(
    best.stdout,
  )![1]!
  expect([best.exitCode, command]).toEqual([
    0,
    expect.stringMatching(
      /^npx paddle-ts infer --model-dir model --img-path images --workers 1 --cpu-threads 1 --batch-size [12]$/,
    ),
  ])
  // The recommended command works.
  expect(await project.shell(command)).toMatchObject({
    exitCode: 0,
    stdout: expect.stringMatching(/^(image_name: images\/\w+\.jpg, class_id: \d+, prob: 0\.00\d+\n?){3}$/),
  })
})

test('an unreadable image is skipped and reported', async () => {
  await mkdir(join(project.folder, 'mixed'))
  await copyFile(join(project.folder, 'images/demo.jpg'), join(project.folder, 'mixed/b.jpg'))
  await writeFile(join(project.folder, 'mixed/a.jpg'), 'no image')
  const { stdout, stderr, exitCode } = await project.shell(
    'paddle-ts benchmark --model-dir model --img-path mixed --runs 2 --json',
  )
  expect(stderr).toMatch(
    /\n1 of 2 images failed and was skipped: mixed\/a\.jpg .*\n(.*\n)*\[IMAGE_UNREADABLE\]$/,
  )
  const told = JSON.parse(stdout) as { images: number; unit: string; results: object[] }
  expect([told.images, told.unit, exitCode]).toEqual([2, 'images/s', 0])
  expect(told.results).toEqual([expect.objectContaining({ batchSize: 1, runs: 2 })])
})
