import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { describeInFlags, formatInFlags } from '../../src/commands/flags/flag-errors.js'
import { PaddleError } from '../../src/errors.js'
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
