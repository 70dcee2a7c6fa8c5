import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { commandsIn, takeBlocks } from '../helpers/pages.js'
import { makeProjectWithModel, type Project } from '../helpers/project.js'

let project: Project
beforeAll(async () => {
  project = await makeProjectWithModel()
})
afterAll(async () => project[Symbol.asyncDispose]())

const [files, memory, inspecting, inspected, converting, converted, types] = await takeBlocks(
  'docs/formats.md',
  'ts ts sh ts sh ts ts',
)

test('the commands of docs/formats.md', async () => {
  const [inspect, inspectJson, convert, ...others] = [inspecting, converting].flatMap(commandsIn)
  expect(others).toEqual([])
  const text = await project.shell(inspect!)
  expect(text).toMatchObject({ exitCode: 0, stderr: '' })
  const [model, format, program, params, input] = text.stdout.split('\n')
  expect(model).toBe('Model       model')
  expect(format).toMatch(/^Format {6}pdmodel, written by paddle \d\.\d\.\d$/)
  expect(program).toMatch(/^Files {7}inference\.pdmodel {4}\d+ kB$/)
  expect(params).toMatch(/^ {12}inference\.pdiparams {2}\d+\.\d+ MB$/)
  expect(input).toMatch(/^Inputs {6}input {2}float32 \[-1,3,224,224\]$/)
  expect(text.stdout).toMatch(/\nOperators {3}\d+ in total\n +\d+ {2}\w+\n/)
  expect(text.stdout).toMatch(
    /\nLoading {5}paddle \d\.\d\.\d loads it: cpu, oneDNN on, fp32, 1 thread\n +runs on made-up inputs: input float32 \[1,3,224,224\] → \S+ float32 \[1,1000\]$/,
  )

  const json = await project.shell(inspectJson!)
  expect(JSON.parse(json.stdout)).toMatchObject({
    format: 'pdmodel',
    program: 'model/inference.pdmodel',
    passedOver: [],
    inputs: [{ name: 'input', dtype: 'float32', shape: [-1, 3, 224, 224] }],
    loading: {
      ...{ ok: true, device: 'cpu', oneDnn: true, precision: 'fp32', warnings: [] },
      run: { ok: true, inputs: { input: { dtype: 'float32', shape: [1, 3, 224, 224] } } },
    },
  })

  expect(await project.shell(convert!)).toMatchObject({
    exitCode: 0,
    stdout: expect.stringMatching(
      /^\d+ operators? computes? in fp16; the model has been saved into model-fp16$/,
    ),
  })
})

test('the examples of docs/formats.md', async () => {
  const outputs: string[] = []
  for (const block of [files, memory, inspected, converted, types]) {
    outputs.push(await project.typeScript(block))
  }
  expect(outputs).toEqual([
    'pdmodel []',
    'the model in memory',
    expect.stringMatching(/^pdmodel \[ -1, 3, 224, 224 \] \d+ \d+$/),
    expect.stringMatching(/^\d+ 2$/),
    expect.stringMatching(/^version: \d\.\d\.\d\n\[ 0, 0, 0 \] \[ 0, 0, 0 \]\n2$/),
  ])
})

test.each([
  ['convert --save-dir out --precision fp16', 'Name the folder of the model: paddle-ts convert DIR.'],
  ['convert --model-dir model --save-dir out', 'Set the precision: --precision fp16 or bf16.'],
  [
    'convert --model-dir model --save-dir out --precision fp16 --white-list a,,b',
    'Expected names separated by commas for --white-list, got a,,b.',
  ],
])('paddle-ts %s is an invalid command line', async (line, message) => {
  const { stderr, exitCode } = await project.shell(`paddle-ts ${line}`)
  expect(stderr).toContain(message)
  expect(exitCode).toBe(2)
})

test('a model that the wheel cannot load is reported with its error', async () => {
  await project.shell(
    'mkdir -p cut && cp model/inference.pdmodel cut && head -c 999 model/inference.pdiparams > cut/inference.pdiparams',
  )
  const { stdout, exitCode } = await project.shell('paddle-ts inspect --model-dir cut')
  expect(exitCode).toBe(0)
  expect(stdout).toMatch(
    /\nLoading {5}fails: cut\/inference\.pdiparams is cut off: it ends at byte 999, inside tensor \d+ of \d+\.\n +Copy or export the model again\.\n +\[MODEL_LOAD_FAILED\]$/,
  )
})
