import { describe, expect, test } from '@jest/globals'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import { pythoniaInterface } from '../../src/bridge/python-link.js'
import { errorCodes } from '../../src/errors.js'
import * as paddleTs from '../../src/index.js'

const read = (path: string): string =>
  readFileSync(fileURLToPath(new URL(`../../${path}`, import.meta.url)), 'utf8')
const require = createRequire(import.meta.url)

test('the public door', () => {
  expect(Object.keys(paddleTs).sort()).toEqual([
    'AllocatedTensor',
    'Config',
    'ImageClassifier',
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
    'readImage',
    'resizeImage',
    'tensor',
    'toHalves',
    'toNested',
  ])
})

describe('pythonia, of which we use the inside', () => {
  test('is pinned to the version that was read', () => {
    const { dependencies } = JSON.parse(read('package.json')) as { dependencies: Record<string, string> }
    expect(dependencies['pythonia']).toBe('1.2.6')
    expect((require('pythonia/package.json') as { version: string }).version).toBe('1.2.6')
  })

  test('has its Bridge and its interface where they are looked for', () => {
    expect(existsSync(pythoniaInterface)).toBe(true)
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

test('every code is looked for by some test', () => {
  const folder = fileURLToPath(new URL('..', import.meta.url))
  const tests = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(?:test\.ts|py)$/.test(name) && !name.endsWith('contracts.test.ts'))
    .map((name) => read(`tests/${name}`))
    .join('\n')
  expect(Object.keys(errorCodes).filter((code) => !new RegExp(`\\b${code}\\b`).test(tests))).toEqual([])
})

test('every dependency is pinned to one version', () => {
  const { dependencies, devDependencies } = JSON.parse(read('package.json')) as Record<
    string,
    Record<string, string>
  >
  for (const version of Object.values({ ...dependencies, ...devDependencies })) {
    expect(version).toMatch(/^\d+\.\d+\.\d+$/)
  }
})
