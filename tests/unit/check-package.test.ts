import { expect, test } from '@jest/globals'

interface Package {
  readonly size: number
  readonly unpackedSize: number
  readonly files: readonly { readonly path: string }[]
}

interface Check {
  readonly limits: { readonly packed: number; readonly unpacked: number }
  readonly needed: readonly string[]
  readonly packageFindings: (found: Package, isSource: (path: string) => boolean) => string[]
}

const script = '../../scripts/check-package.js'
const { limits, needed, packageFindings } = (await import(script)) as Check

const findings = (paths: readonly string[], sizes: Partial<Package> = {}): string[] =>
  packageFindings(
    { size: limits.packed, unpackedSize: limits.unpacked, files: paths.map((path) => ({ path })), ...sizes },
    (path) => path !== 'src/gone.ts',
  )

test('all that is needed, up to the limits', () => {
  expect(
    findings([...needed, 'package.json', 'dist/tensor/tensor.js', 'python/paddle_worker/entry_points.py']),
  ).toEqual([])
})

test.each([
  ...[
    'tests/unit/check-package.test.ts',
    'scripts/check-package.js',
    'docs/api/index.html',
    '.ci/run',
    'src/index.ts',
  ],
  ...[
    'dist/index.js.map',
    'dist/tsconfig.tsbuildinfo',
    'images/characters/notes.txt',
    'examples/js/classify-one.js',
  ],
  ...[
    'python/train_demo_model.py',
    'python/make_doctor_model.py',
    'python/make_character_images.py',
    'python/demo_model/fonts.py',
  ],
  ...['python/paddle_worker/__pycache__/calls.cpython-311.pyc', 'constructor'],
])('%s does not belong in it', (path) => {
  expect(findings([...needed, path])).toEqual([`${path} does not belong in the package.`])
})

test('what an earlier build has left', () => {
  expect(findings([...needed, 'dist/gone.js', 'dist/gone.d.ts'])).toEqual([
    'dist/gone.js has no source in src: run npm run build',
    'dist/gone.d.ts has no source in src: run npm run build',
  ])
})

test('what is missing', () => {
  expect(findings(needed.filter((path) => path !== 'models/characters/inference.yml'))).toEqual([
    'models/characters/inference.yml is missing from the package.',
  ])
})

test('what is too large', () => {
  expect(findings(needed, { size: limits.packed + 1, unpackedSize: limits.unpacked + 1 })).toEqual([
    `The package has ${limits.packed + 1} bytes packed; the limit is ${limits.packed}.`,
    `The package has ${limits.unpacked + 1} bytes unpacked; the limit is ${limits.unpacked}.`,
  ])
})
