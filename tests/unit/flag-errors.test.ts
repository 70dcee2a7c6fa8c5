import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { allCommands } from '../../src/cli/commands.js'
import {
  describeInFlags,
  formatInFlags,
  messageInFlags,
  setCommandFlags,
} from '../../src/commands/flags/flag-errors.js'
import { PaddleError, wrongType, wrongValue } from '../../src/errors.js'
import { wording } from '../../src/wording.js'
import { root } from '../helpers/project.js'
import { commandTextsIn, optionsNamedIn } from '../helpers/source-texts.js'

const tracked = execFileSync('git', ['ls-files', 'src/*.ts'], { cwd: root, encoding: 'utf8' })
const sources = tracked.split('\n').filter((path) => path !== '')

/** Files that name functions and options in texts that no command prints. */
const forPrograms = [
  'src/error-codes.ts',
  // Their calls, queues and constructors are used by programs only.
  'src/inference/batching/batcher.ts',
  'src/inference/io/handles.ts',
  'src/inference/io/pack-sequences.ts',
  'src/inference/io/write-deadlock.ts',
  'src/inference/pool/dispatcher.ts',
  'src/inference/pool/model-pool.ts',
  'src/inference/pool/pooled-model.ts',
  'src/inference/pool/predictor-pool.ts',
  'src/inference/pool/worker-pool.ts',
  'src/inference/predictor.ts',
  'src/tasks/classify/image-classifier.ts',
  'src/tasks/detect/object-detector.ts',
  'src/tasks/embed/image-embedder.ts',
  'src/tasks/recognize/attribute-recognizer.ts',
  'src/tasks/loaded-task.ts',
  'src/tasks/pipeline/pipeline.ts',
  'src/tasks/segment/image-segmenter.ts',
  // The options are those of bundlers.
  'src/archived-files.ts',
  'src/outside-archive.ts',
  'src/package-files.ts',
  // Declarations in C.
  'src/image/decode/libjpeg-turbo.ts',
]

test('no text that a command prints names an option or a function of the library', () => {
  // `maxPixels`, `run()`, `await load`; the flags of Python programs that are passed to python -c have newlines.
  const ofLibrary = /\b(?!oneDNN|cuDNN|macOS)[a-z]+[A-Z]\w*|\b\w+\(\)|\bawait /
  const found = sources.flatMap((path) =>
    commandTextsIn(join(root, path))
      .filter((text) => /\S\s+\S/.test(text) && !text.startsWith('\nimport ') && ofLibrary.test(text))
      .map((text) => ({ path, text })),
  )
  expect(found.filter(({ path }) => !forPrograms.includes(path))).toEqual([])
  expect([...new Set(found.map(({ path }) => path))].sort()).toEqual([...forPrograms].sort())
})

test('every option that an advice names has a flag', () => {
  const named = sources.flatMap((path) => optionsNamedIn(join(root, path)))
  const options = [...new Set(named)].filter((name) => /^\w+$/.test(name))
  expect(options).toContain('maxPixels')
  expect(options.filter((option) => !formatInFlags({ option }).startsWith('--'))).toEqual([])
})

test('an advice can be different on the command line, and name options there too', () => {
  const advice = {
    library: 'Close predictors that are not used.',
    command: wording`Use fewer ${{ option: 'workers' }}.`,
  }
  const error = new PaddleError('POOL_FAILED', 'No worker is left.', { advice: ['Stop. ', advice] })
  expect(error.message).toBe('No worker is left.\nStop. Close predictors that are not used.')
  expect(describeInFlags(error)).toBe('No worker is left.\nStop. Use fewer --workers.\n[POOL_FAILED]')
})

describe('a text for one command', () => {
  const named = [...new Set(sources.flatMap((path) => optionsNamedIn(join(root, path))))]
  const options = named.filter((name) => /^\w+$/.test(name))
  const ofSetUp = ['paddleVersion', 'indexUrl', 'wheel']

  test('names its flags, and says of others that paddle-ts infer has them', async () => {
    const commands = await allCommands()
    const infer = commands.find(({ name }) => name === 'infer')
    for (const command of commands) {
      setCommandFlags(command)
      for (const option of options.filter((name) => !ofSetUp.includes(name) && name !== 'xpu')) {
        const [, flag = '', elsewhere] = /^--([\w-]+)( of paddle-ts infer)?$/.exec(formatInFlags({ option }))!
        expect([command.name, flag, flag in (elsewhere ? infer! : command).flags]).toEqual([
          command.name,
          flag,
          true,
        ])
      }
    }
  })

  test('about an option of its own function names its own flag', async () => {
    const commands = await allCommands()
    const use = (name: string): void => {
      setCommandFlags(commands.find((command) => command.name === name)!)
    }
    use('convert')
    expect(messageInFlags(wrongValue('outputDir', 'a folder other than the model’s', 'model'))).toBe(
      'Expected a folder other than the model’s for --save-dir, got model.',
    )
    expect(messageInFlags(wrongType('model', 'the path of a model', 1))).toMatch(/ for --model-dir, /)
    use('export')
    expect(messageInFlags(wrongType('inputSpec[0].dtype', 'a dtype', 1))).toMatch(/ for --input-spec, /)
    expect(messageInFlags(wrongType('model', 'a network', 1))).toMatch(/ for --model, /)
    use('benchmark')
    expect(formatInFlags({ option: 'oneDnn', value: false })).toBe('--no-one-dnn')
    expect(formatInFlags({ option: 'labels' })).toBe('--labels of paddle-ts infer')
    use('infer')
    expect(messageInFlags(wrongValue('maxRssMb', 'more', 10))).toBe('Expected more for --max-rss-mb, got 10.')
  })
})
