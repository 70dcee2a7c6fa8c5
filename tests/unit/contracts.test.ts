import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { pythoniaInterface } from '../../src/bridge/pythonia-client.js'
import { errorCodes } from '../../src/errors.js'
import * as paddleTs from '../../src/index.js'
import { root } from '../helpers/project.js'
import { expectedTextsIn, textsIn } from '../helpers/source-texts.js'

const read = (path: string): string => readFileSync(join(root, path), 'utf8')
const require = createRequire(import.meta.url)
const anExactVersion: unknown = expect.stringMatching(/^\d+\.\d+\.\d+$/)

/** The TypeScript files of a folder of the project, including subfolders. */
function filesBelow(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => join(root, folder, name))
}

test('the public exports', () => {
  expect(Object.keys(paddleTs).sort()).toEqual([
    'AllocatedTensor',
    'AttributeRecognizer',
    'Config',
    'ImageClassifier',
    'ImageEmbedder',
    'ImageSegmenter',
    'InputHandle',
    'InternalUtils',
    'ModelPool',
    'ObjectDetector',
    'OutputHandle',
    'PaddleError',
    'Pipeline',
    'PooledModel',
    'PrecisionType',
    'Predictor',
    'PredictorPool',
    'convertToMixedPrecision',
    'createPool',
    'createPredictor',
    'defaultModelFolder',
    'ensureEnvironment',
    'errorCodes',
    'exportModel',
    'fromHalves',
    'getNumBytesOfDataType',
    'getTrtCompileVersion',
    'getTrtRuntimeVersion',
    'getVersion',
    'imageTensor',
    'inspectModel',
    'packSequences',
    'readImage',
    'resizeImage',
    'tensor',
    'toHalves',
    'toNested',
  ])
})

test('`new` names the call that creates an instance, for each class that has no public constructor', () => {
  const classes = Object.entries(paddleTs).filter(
    ([name, value]) =>
      /^[A-Z]/.test(name) && typeof value === 'function' && !['Config', 'PaddleError'].includes(name),
  )
  const messages = classes.map(([name, value]) => {
    try {
      Reflect.construct(value as new (...given: unknown[]) => unknown, ['model', {}])
      return name
    } catch (error) {
      return error instanceof TypeError ? error.message : name
    }
  })
  const instead = {
    AllocatedTensor: 'predictor.allocate(name, shape)',
    AttributeRecognizer: 'await AttributeRecognizer.load(model)',
    ImageClassifier: 'await ImageClassifier.load(model)',
    ImageEmbedder: 'await ImageEmbedder.load(model)',
    ImageSegmenter: 'await ImageSegmenter.load(model)',
    InputHandle: 'predictor.getInputHandle(name)',
    ModelPool: 'await createPool({ models })',
    ObjectDetector: 'await ObjectDetector.load(model)',
    OutputHandle: 'predictor.getOutputHandle(name)',
    Pipeline: 'await Pipeline.load(model, { postprocess })',
    PooledModel: '(await createPool({ models })).models[name]',
    Predictor: 'await createPredictor({ model })',
    PredictorPool: 'await PredictorPool.create({ model })',
  }
  expect(messages.sort()).toEqual(
    Object.entries(instead).map(([name, call]) => `\`new ${name}(…)\` is not supported: use \`${call}\`.`),
  )
})

describe('pythonia, whose internals are used', () => {
  test('is pinned to the version that was reviewed', () => {
    const { dependencies } = JSON.parse(read('package.json')) as { dependencies: Record<string, string> }
    expect(dependencies['pythonia']).toBe('1.2.6')
    expect((require('pythonia/package.json') as { version: string }).version).toBe('1.2.6')
  })

  test('has its Bridge and its interface in the expected places', () => {
    expect(existsSync(pythoniaInterface())).toBe(true)
    const { Bridge } = require('pythonia/src/pythonia/Bridge.js') as { Bridge: { prototype: object } }
    expect(Object.getOwnPropertyNames(Bridge.prototype)).toEqual(
      expect.arrayContaining(['end', 'makePyObject', 'call']),
    )
  })
})

test('docs/errors.md has every code, and no other', () => {
  const documented = [...read('docs/errors.md').matchAll(/^### `([A-Z_]+)`$/gm)].map(([, code]) => code)
  expect([...documented].sort()).toEqual(Object.keys(errorCodes).sort())
  expect(new Set(documented).size).toBe(documented.length)
})

test('some test expects each code', () => {
  const expected = filesBelow('tests')
    .filter((path) => path.endsWith('.test.ts') && !path.endsWith('contracts.test.ts'))
    .flatMap(expectedTextsIn)
    .join('\n')
  expect(Object.keys(errorCodes).filter((code) => !new RegExp(`\\b${code}\\b`).test(expected))).toEqual([])
})

describe('the versions of packages', () => {
  const manifest = JSON.parse(read('package.json')) as Record<string, Record<string, string>>
  const { dependencies: installed = {}, devDependencies } = manifest

  /** Imports of `src` that a package does not export, so that any version may move them. */
  const insidesUsed = (name: string): string[] => {
    const { exports = {} } = require(`../../node_modules/${name}/package.json`) as { exports?: object }
    const paths = sourceTexts
      .filter((text) => text.startsWith(`${name}/`))
      .map((text) => text.slice(name.length + 1))
    return [...new Set(paths)].filter((path) => !Object.hasOwn(exports, `./${path}`)).sort()
  }
  const sourceTexts = filesBelow('src').flatMap(textsIn)
  const insides = Object.fromEntries(
    Object.keys(installed)
      .map((name) => [name, insidesUsed(name)] as const)
      .filter(([, paths]) => paths.length > 0),
  )

  test('a package whose internals are used is pinned to the version that was reviewed', () => {
    expect(insides).toEqual({
      '@expo-google-fonts/atkinson-hyperlegible': ['700Bold/AtkinsonHyperlegible_700Bold.ttf'],
      pythonia: ['src/pythonia/Bridge.js', 'src/pythonia/interface.py'],
      uplot: ['dist/uPlot.iife.min.js', 'dist/uPlot.min.css'],
    })
    for (const name of Object.keys(insides)) expect([name, installed[name]]).toEqual([name, anExactVersion])
  })

  test('others have a compatible range, which the user’s project may share', () => {
    const { '@types/node': typesOfNode, ...others } = installed
    expect(typesOfNode).toBe('*')
    for (const [name, version] of Object.entries(others)) {
      if (!Object.hasOwn(insides, name))
        expect([name, version]).toEqual([name, expect.stringMatching(/^\^\d+\.\d+\.\d+$/)])
    }
  })

  test('no dependency restricts the platform, so that a project can be shared with Windows', () => {
    const { packages } = JSON.parse(read('package-lock.json')) as {
      packages: Record<string, { os?: string[]; cpu?: string[]; dev?: true; optional?: true }>
    }
    const required = Object.entries(packages).filter(([, { dev, optional }]) => !dev && !optional)
    expect(required.length).toBeGreaterThan(50)
    expect(required.filter(([, { os, cpu }]) => os ?? cpu).map(([name]) => name)).toEqual([])
    expect(manifest['os']).toBeUndefined()
  })

  test('packages that only paddle-ts uses are pinned', () => {
    for (const entry of Object.entries(devDependencies!)) expect(entry).toEqual([entry[0], anExactVersion])
  })

  test('the compiler uses the types of the oldest supported Node', () => {
    const { packages } = JSON.parse(read('package-lock.json')) as {
      packages: Record<string, { version: string }>
    }
    const [oldest] = /\d+/.exec(manifest['engines']!['node']!)!
    expect(packages['node_modules/@types/node']!.version.split('.')[0]).toBe(oldest)
  })
})
