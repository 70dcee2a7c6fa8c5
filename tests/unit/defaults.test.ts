import { describe, expect, test } from '@jest/globals'
import { allCommands, commandNamed } from '../../src/cli/commands.js'
import type { ConfigFile } from '../../src/cli/config-file.js'
import { collectDefaults, withSources } from '../../src/cli/defaults.js'
import { variableOf } from '../../src/commands/argv.js'

const commands = await allCommands()

function file(content: Readonly<Record<string, unknown>>, others: Partial<ConfigFile> = {}): ConfigFile {
  return { shown: 'some.json', folder: process.cwd(), isNamed: false, content, ...others }
}

/** The defaults of a command from a file and variables. */
async function given(
  name: string,
  config: ConfigFile | undefined,
  variables: Readonly<Record<string, string>> = {},
): Promise<object> {
  const before = { ...process.env }
  Object.assign(process.env, variables)
  try {
    const defaults = collectDefaults((await commandNamed(name))!, config, commands)
    return Object.fromEntries([...defaults].map(([flag, { value }]) => [flag, value]))
  } finally {
    for (const variable of Object.keys(variables)) Reflect.deleteProperty(process.env, variable)
    Object.assign(process.env, before)
  }
}

describe('a file', () => {
  test('applies to each command that has the flag; keys of the command override general ones', async () => {
    const config = file({
      modelDir: 'm',
      'cpu-threads': 2,
      json: true,
      infer: { topk: 3, cpuThreads: 'auto', imgPath: ['a.jpg', '-'] },
      export: { modelArgs: { width: 3 } },
      benchmark: { batchSize: [1, 8], shape: 'x=1,3' },
    })
    expect(await given('infer', config)).toEqual({
      'model-dir': 'm',
      'cpu-threads': 'auto',
      json: true,
      topk: '3',
      'img-path': ['a.jpg', '-'],
    })
    expect(await given('benchmark', config)).toMatchObject({ 'batch-size': ['1', '8'], shape: ['x=1,3'] })
    expect(await given('doctor', config)).toEqual({ json: true })
    expect(await given('setup', config)).toEqual({})
    expect(await given('completion', config)).toEqual({})
  })

  test('another name of a command is a key like its own', async () => {
    const config = file({ predict: { topk: 3 }, classify: { json: true }, infer: { labels: 'l.txt' } })
    expect(await given('infer', config)).toEqual({ topk: '3', json: true, labels: 'l.txt' })
    expect(await given('benchmark', config)).toEqual({})
  })

  test('a key that is a command and a flag is distinguished by its value', async () => {
    expect(await given('infer', file({ benchmark: true }))).toEqual({ benchmark: true })
    expect(await given('infer', file({ benchmark: { runs: 1 } }))).toEqual({})
  })

  test('paths are relative to its folder; names, patterns and absolute paths are unchanged', async () => {
    const config = file(
      {
        modelDir: 'm',
        imgPath: ['images/*.jpg', '/a.jpg', '-', '.'],
        python: 'python3',
        labels: '../l.txt',
        export: { model: 'net.py:Net', pretrained: 'w.pdparams' },
      },
      { folder: `${process.cwd()}/sub/folder`, isNamed: true },
    )
    expect(await given('infer', config)).toEqual({
      'model-dir': 'sub/folder/m',
      'img-path': ['sub/folder/images/*.jpg', '/a.jpg', '-', 'sub/folder'],
      python: 'python3',
      labels: 'sub/l.txt',
    })
    expect(await given('export', config)).toMatchObject({
      model: 'sub/folder/net.py:Net',
      pretrained: 'sub/folder/w.pdparams',
    })
  })

  test('its Python is that of inference, not the base Python of setup', async () => {
    const config = file({ python: '/p', setup: { python: 'python3.12' } }, { isNamed: true })
    expect(await given('doctor', config)).toEqual({ python: '/p' })
    expect(await given('setup', config)).toEqual({ python: 'python3.12' })
    expect(await given('doctor', config, { PADDLE_TS_PYTHON: '/q' })).toEqual({})
    expect(await given('setup', config, { PADDLE_TS_PYTHON: '/q' })).toEqual({ python: 'python3.12' })
  })

  test.each([
    [{ modelDri: 'x' }, 'some.json: "modelDri" is not a flag of any command.\nDid you mean "modelDir"?'],
    [{ 'img-pth': 'x' }, 'some.json: "img-pth" is not a flag of any command.\nDid you mean "img-path"?'],
    [{ infre: {} }, 'some.json: "infre" is not a flag of any command.\nDid you mean "infer"?'],
    [{ infer: { tpok: 1 } }, 'some.json: "infer.tpok" is not a flag of infer.\nDid you mean "topk"?'],
    [{ predict: { tpok: 1 } }, 'some.json: "predict.tpok" is not a flag of infer.\nDid you mean "topk"?'],
    [{ predikt: {} }, 'some.json: "predikt" is not a flag of any command.\nDid you mean "predict"?'],
    [{ infer: { topk: 1 }, predict: { topk: 2 } }, 'some.json: "predict.topk" is set twice.'],
    [{ infer: { seed: 1 } }, 'some.json: "infer.seed" is not a flag of infer.'],
    [{ config: 'a' }, 'some.json: "config" is not a flag of any command.'],
    [{ __proto__x: 1, constructor: 1 }, 'some.json: "__proto__x" is not a flag of any command.'],
    [{ constructor: 1 }, 'some.json: "constructor" is not a flag of any command.'],
    [{ topk: '3' }, 'some.json: Expected a number for "topk", got "3".'],
    [{ topk: null }, 'some.json: Expected a number for "topk", got null.'],
    [{ infer: { topk: [1] } }, 'some.json: Expected a number for "infer.topk", got [1].'],
    [{ modelDir: 5 }, 'some.json: Expected a string for "modelDir", got 5.'],
    [{ json: 1 }, 'some.json: Expected true or false for "json", got 1.'],
    [{ imgPath: [1] }, 'some.json: Expected a string or a list of them for "imgPath", got [1].'],
    [
      { benchmark: { batchSize: '1,8' } },
      'some.json: Expected a number or a list of them for "benchmark.batchSize", got "1,8".',
    ],
    [
      { export: { modelArgs: 3 } },
      'some.json: Expected an object or an array for "export.modelArgs", got 3.',
    ],
    [{ modelDir: 'a', 'model-dir': 'b' }, 'some.json: "model-dir" is set twice.'],
  ])('%j is invalid for every command', async (content, message) => {
    await expect(given('doctor', file(content))).rejects.toThrow(new Error(message))
  })

  test.each([
    [{ python: './python' }, 'python'],
    [{ setup: { wheel: 'a.whl' } }, 'setup.wheel'],
    [{ setup: { indexUrl: 'https://example.org' } }, 'setup.indexUrl'],
    [{ prepare: 'a.py:f' }, 'prepare'],
    [{ export: { pretrained: 'w.pdparams' } }, 'export.pretrained'],
    [{ model: 'net.py:Net' }, 'model'],
  ])('%j is accepted in a named file only', async (content, key) => {
    await expect(given('doctor', file(content))).rejects.toThrow(
      new Error(
        `some.json: "${key}" runs a program, which a file of defaults may only do if you name it.\n` +
          'Use a flag or a variable, or name the file: --config some.json',
      ),
    )
    await given('doctor', file(content, { isNamed: true }))
  })

  test('a network name and Paddle’s own weights are accepted: they run no code', async () => {
    expect(await given('export', file({ model: 'resnet18', pretrained: true }))).toEqual({
      model: 'resnet18',
      pretrained: true,
    })
  })
})

describe('variables', () => {
  test('override a file; empty and unknown ones are ignored', async () => {
    const variables = {
      PADDLE_TS_TOPK: '7',
      PADDLE_TS_JSON: '',
      PADDLE_TS_IMG_PATH: 'b.jpg',
      PADDLE_TS_TEST_DATA: '/data',
      PADDLE_TS_HOME: '/home',
      PADDLE_TS_PYTHON: '/python',
      PADDLE_TS_SAVE_INFERENCE_DIR: 'model',
    }
    expect(await given('infer', file({ topk: 3, json: true }), variables)).toEqual({
      topk: '7',
      json: true,
      'img-path': 'b.jpg',
    })
    expect(await given('export', undefined, variables)).toEqual({ 'save-inference-dir': 'model' })
    expect(await given('setup', undefined, variables)).toEqual({})
  })

  test('of flags do not collide with other variables', () => {
    const own = [
      'HOME',
      'TEST_DATA',
      'FUZZ_RUNS',
      'FUZZ_SEED',
      'FAULT_ROUNDS',
      'FAULT_SEED',
      'SOAK',
      'TEST_MARK',
    ]
    const names = commands.flatMap(({ flags }) => Object.keys(flags).map(variableOf))
    expect(names.filter((name) => own.includes(name.slice('PADDLE_TS_'.length)))).toEqual([])
    expect(names).toContain('PADDLE_TS_TRT_DISABLE_PLUGIN_FP16')
  })
})

test('a message contains the sources of flags that were not typed', () => {
  const defaults = new Map([
    ['batch-size', { value: '32', source: '"batchSize" in some.json' }],
    ['max-batch-size', { value: '16', source: 'the variable PADDLE_TS_MAX_BATCH_SIZE' }],
  ])
  const message = '--batch-size 32 exceeds --max-batch-size 16.'
  const flags = ['batch-size', 'max-batch-size', 'output']
  expect(withSources(message, flags, defaults, new Map())).toBe(
    `${message}\n--batch-size is set by "batchSize" in some.json.\n` +
      '--max-batch-size is set by the variable PADDLE_TS_MAX_BATCH_SIZE.',
  )
  const typed = new Map([['batch-size', '--batchSize']])
  expect(withSources(message, flags, defaults, typed)).toBe(
    `${message}\n--max-batch-size is set by the variable PADDLE_TS_MAX_BATCH_SIZE.`,
  )
})

test('a message contains the notation of flags that were not typed by their long name', () => {
  const typed = new Map([
    ['topk', '-k'],
    ['img-path', ''],
    ['model-dir', '--model-dir'],
  ])
  expect(withSources('Wrong.', ['topk', 'img-path', 'model-dir'], new Map(), typed)).toBe(
    'Wrong.\n-k is short for --topk.\nWords without a flag are values of --img-path.',
  )
})
