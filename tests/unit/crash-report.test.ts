import { describe, expect, test } from '@jest/globals'
import { crashReport, withReport, type CrashFacts } from '../../src/bridge/crash-report.js'
import { redactSecrets, secretsIn } from '../../src/bridge/redact-secrets.js'
import { systemFacts } from '../../src/bridge/system-facts.js'
import { PaddleError } from '../../src/errors.js'

const ada = { home: '/home/ada', name: 'ada', secrets: ['hunter-2-and-more', 'hunter-2'] }
const system = {
  paddleTs: '0.1.0',
  node: 'v20.20.2',
  system: 'linux 6.1.0 x64, glibc 2.36',
  cpu: 'A CPU, 8 usable, avx2 fma',
  memory: '15.6 GiB in all, 3.0 GiB free',
  variables: ['FLAGS_use_mkldnn', 'OMP_NUM_THREADS'],
}
const state = {
  device: 'cpu',
  oneDnn: true,
  oneDnnInt8: false,
  tensorRt: false,
  openVino: false,
  precision: 'fp32',
  irOptim: true,
  newIr: false,
  memoryOptim: true,
  cpuThreads: 2,
} as const
const facts: CrashFacts = {
  interpreter: '/home/ada/.local/share/paddle-ts/environments/paddlepaddle-3.3.1-c5cd6c07/bin/python',
  paddle: '3.3.1',
  python: '3.11.7',
  model: {
    format: 'pdmodel',
    program: '/home/ada/secret project/model/inference.pdmodel',
    params: '/home/ada/secret project/model/inference.pdiparams',
    calls: [
      { name: 'setCpuMathLibraryNumThreads', methods: ['x'], args: [2], versions: '3.3.1' },
      {
        name: 'setOptimCacheDir',
        methods: ['x'],
        args: ['/home/ada/secret project/cache'],
        versions: '3.3.1',
      },
      { name: 'deletePass', methods: ['x'], args: ['conv_bn_fuse_pass'], versions: '3.3.1' },
      {
        name: 'feed',
        methods: ['x'],
        args: [{ $paddleTensor: { base64: 'AAAA' } }, [1, null]],
        versions: '3.3.1',
      },
    ],
    withoutOneDnn: false,
    strict: true,
    prepare: { file: '/home/ada/own.py', function: 'change' },
  },
  sizes: [1000, 4_000_000],
  description: {
    inputs: [{ name: 'image', dtype: 'float32', shape: [-1, 3, 224, 224] }],
    outputs: [{ name: 'softmax', dtype: 'float32', shape: [-1, 1000] }],
    state,
    warnings: [],
  },
  doing: {
    model: 0,
    lane: 0,
    inputBytes: 4096,
    arenaBytes: 0,
    fetch: null,
    feeds: [{ name: 'image', dtype: 'float32', shape: [2, 3, 224, 224], offset: 0, lod: [[0, 2]] }],
  },
  end: {
    exitCode: null,
    signal: 'SIGSEGV',
    output:
      'Fatal Python error: Segmentation fault\n  File "/home/ada/own.py", line 3 in change\n  download https://ada:pw@host/x',
  },
}

test('a report has what it takes, and no secrets', () => {
  expect(crashReport(facts, system, ada)).toBe(
    `paddle-ts 0.1.0, Node v20.20.2, linux 6.1.0 x64, glibc 2.36
CPU: A CPU, 8 usable, avx2 fma
Memory: 15.6 GiB in all, 3.0 GiB free
Python 3.11.7, paddle 3.3.1 (~/.local/share/paddle-ts/environments/paddlepaddle-3.3.1-c5cd6c07/bin/python)
Model: inference.pdmodel (pdmodel, 1000 bytes), parameters inference.pdiparams, 4000000 bytes
Config: setCpuMathLibraryNumThreads(2), setOptimCacheDir("cache"), deletePass("conv_bn_fuse_pass"), feed(a tensor, [1, null]), prepare own.py:change
Effective settings: device cpu, oneDnn true, oneDnnInt8 false, tensorRt false, openVino false, precision fp32, irOptim true, newIr false, memoryOptim true, cpuThreads 2
Inputs: \`image\` float32 [-1,3,224,224]
Outputs: \`softmax\` float32 [-1,1000]
Relevant environment variables: FLAGS_use_mkldnn, OMP_NUM_THREADS
It was doing: run, fed with \`image\` float32 [2,3,224,224], with a LoD for \`image\`
It ended: SIGSEGV
Last lines of its output:
Fatal Python error: Segmentation fault
  File "~/own.py", line 3 in change
  download https://…@host/x`,
  )
})

test('before anything is known', () => {
  const end = { exitCode: 3, signal: null, output: '' }
  const report = crashReport(
    { interpreter: '/usr/bin/python3', doing: 'import', end },
    { ...system, variables: [] },
    ada,
  )
  expect(report).toBe(
    `paddle-ts 0.1.0, Node v20.20.2, linux 6.1.0 x64, glibc 2.36
CPU: A CPU, 8 usable, avx2 fma
Memory: 15.6 GiB in all, 3.0 GiB free
Python unknown, paddle unknown (/usr/bin/python3)
Relevant environment variables: none
It was doing: import
It ended: exit code 3
It wrote nothing.`,
  )
})

describe('how it ended and what it did', () => {
  const last = (changes: Partial<CrashFacts>): string[] =>
    crashReport({ interpreter: 'python', doing: undefined, end: facts.end, ...changes }, system, ada)
      .split('\n')
      .slice(5)

  test.each<[string, Partial<CrashFacts>, string[]]>([
    [
      'an exception',
      { end: { code: null, type: 'ImportError', message: 'libgomp.so.1', traceback: 'Traceback:\nend\n' } },
      [
        'It was doing: nothing',
        'It ended: ImportError: libgomp.so.1',
        'Last lines of its output:',
        'Traceback:',
        'end',
      ],
    ],
    [
      'a broken protocol',
      {
        doing: { model: 0, ask: 'tryShrinkMemory' },
        end: { exitCode: null, signal: 'SIGKILL', output: '', broken: 'it sent x' },
      },
      ['It was doing: tryShrinkMemory', 'It ended: broke the protocol: it sent x', 'It wrote nothing.'],
    ],
    [
      'no start',
      { doing: 'create', end: { exitCode: null, signal: null, output: '', startError: 'spawn EACCES' } },
      ['It was doing: create', 'It ended: could not be started: spawn EACCES', 'It wrote nothing.'],
    ],
  ])('%s', (_, changes, expected) => {
    expect(last(changes)).toEqual(expected)
  })
})

test.each([
  ['/home/ada/x and /home/adam', '~/x and /home/adam'],
  ['user ada, ada-lovelace', 'user USER, ada-lovelace'],
  ['https://ada:pass@host/p?token=abc&x=1', 'https://…@host/p?token=…&x=1'],
  ['Authorization: Bearer abc.def', 'Authorization: …'],
  ['bare hunter-2-and-more, hunter-2', 'bare …, …'],
  ['API_KEY=abcdef next', 'API_KEY=… next'],
  ['"password": "hunter2", ok', '"password": "…", ok'],
  ['ghp_0123456789abcdef', '…'],
  ['eyJhbGciOi.eyJzdWIi.c2ln', '…'],
  ['d41d8cd98f00b204e9800998ecf8427e!', '…!'],
  [
    '_ZN6paddle9framework8OperatorBase3RunERKNS0_5ScopeE stays',
    '_ZN6paddle9framework8OperatorBase3RunERKNS0_5ScopeE stays',
  ],
  ['conv2d_fusion_layout_transfer_pass stays', 'conv2d_fusion_layout_transfer_pass stays'],
])('%s is told as %s', (text, told) => {
  expect(redactSecrets(text, ada)).toBe(told)
})

test('the facts of this machine name variables, and not what they hold', () => {
  process.env['FLAGS_of_mine'] = 'hidden'
  try {
    const known = systemFacts()
    expect(known.node).toBe(process.version)
    expect(known.variables).toContain('FLAGS_of_mine')
    expect(JSON.stringify(known)).not.toContain('hidden')
  } finally {
    delete process.env['FLAGS_of_mine']
  }
})

test('an error makes its report when it is asked for, once, and hands on that of its cause', () => {
  const error = withReport(new PaddleError('WORKER_DIED', 'It died.'), facts)
  expect(error).toMatchObject({ code: 'WORKER_DIED', message: 'It died.' })
  expect(error.report).toMatch(/^paddle-ts \d+\.\d+\.\d+, Node v/)
  expect(error.report).toBe(error.report)
  expect(new PaddleError('PREDICTOR_CLOSED', 'Closed.', { cause: error }).report).toBe(error.report)
  expect(new PaddleError('ABORTED', 'Aborted.').report).toBeUndefined()
})

test('the values of variables that are named like a secret are known, the longest first', () => {
  const variables = {
    FOO_TOKEN: 'abcdef',
    MY_SECRET: 'abcdefgh',
    API_KEY: '123',
    HOME: '/home/ada',
    DB_PASSWORD: undefined,
  }
  expect(secretsIn(variables)).toEqual(['abcdefgh', 'abcdef'])
})
