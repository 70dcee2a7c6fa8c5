import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { execa } from 'execa'
import type { Result } from '../../bench/measure.js'
import { textOf } from '../../bench/report.js'
import { commandsIn, takeBlocks } from '../helpers/pages.js'
import { root } from '../helpers/project.js'

const page = 'docs/performance.md'
const [block] = await takeBlocks('docs/performance.md', 'sh')

/** Runs a command of the page in the repository, with more arguments. `npm run bench` is already prepared. */
async function bench(command: string, ...more: readonly string[]): Promise<string> {
  const { scripts } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as {
    scripts: Record<string, string>
  }
  expect(scripts['bench']).toBe('node scripts/prepare.js && node bench/main.js')
  const [program, ...args] = command.replace(/^npm run -s bench(?: --)?/, 'node bench/main.js').split(' ')
  const { stdout } = await execa(program!, [...args, ...more], {
    cwd: root,
    env: { PADDLE_TS_TEST_DATA: '/nowhere' },
  })
  return stdout
}

test('docs/performance.md: its bench, reduced to rows without a network, prints JSON and a table', async () => {
  const commands = commandsIn(block)
  expect(commands.filter((command) => !command.startsWith('npm run -s bench'))).toEqual([])
  expect(commands).toContain('npm run -s bench -- --rows bridge-1 --json')

  const few = ['--rows', 'bridge-1,int8', '--rounds', '2', '--runs', '3']
  const report = JSON.parse(await bench('npm run -s bench -- --rows bridge-1 --json', ...few)) as {
    facts: Record<string, string>
    results: Result[]
  }
  expect(report.facts).toEqual({
    command: 'npm run -s bench -- --rows bridge-1 --json --rows bridge-1,int8 --rounds 2 --runs 3',
    'paddle-ts': expect.stringMatching(/^\d+\.\d+\.\d+( at [0-9a-f]{7,}( with changes)?)?, \d{4}-\d\d-\d\d$/),
    machine: expect.stringMatching(/^.+, \d+ cores, \d+ GiB, \w+ .+$/),
    'load of the machine before': expect.stringMatching(/^\d+\.\d, \d+\.\d, \d+\.\d$/),
    versions: expect.stringMatching(
      /^Node [\d.]+, Python [\d.]+, paddlepaddle [\d.]+, numpy [\d.]+, pillow [\d.]+, sharp [\d.]+, onnxruntime-node .+$/,
    ),
  })
  const spread = { median: expect.any(Number), min: expect.any(Number), max: expect.any(Number) }
  const [bridge, int8] = report.results
  expect(bridge).toEqual({
    name: 'bridge-1',
    what: 'one run, batch 1, p50',
    peer: 'the same predictor inside Python: copy in, run, copy out',
    unit: 'ms',
    target: { of: 'ratio', atMost: 1.1 },
    us: spread,
    peerValue: spread,
    ratio: spread,
    rounds: 2,
    reached: expect.any(Boolean),
  })
  expect(int8).toEqual({
    name: 'int8',
    what: expect.any(String),
    peer: 'itself in fp32',
    unit: 'ms',
    unavailable: 'There is no trained model at /nowhere/imagenet-classifier-int8: set PADDLE_TS_TEST_DATA.',
  })

  const [head, , row, other] = textOf(report)
    .split('\n')
    .filter((line) => line.startsWith('|'))
  const shown = await readFile(join(root, page), 'utf8')
  expect(cells(head!)).toEqual(cells(shown.split('\n').find((line) => line.startsWith('| row'))!))
  expect(cells(row!)).toEqual([
    '`bridge-1`',
    'one run, batch 1, p50, ms',
    ...Array<unknown>(3).fill(expect.stringMatching(/^\d+(\.\d+)?( \(\d+(\.\d+)?–\d+(\.\d+)?\))?$/)),
    '≤ 1.10',
    expect.stringMatching(/^(yes|no)$/),
  ])
  expect(cells(other!)).toEqual(['`int8`', expect.any(String), 'not measured', '', '', '', ''])
})

test('its other commands print the table', async () => {
  const commands = commandsIn(block).filter((command) => !command.includes('--json'))
  expect(commands.length).toBeGreaterThan(0)
  for (const command of commands) {
    expect((await bench(command, '--rows', 'int8')).split('\n')).toEqual(
      expect.arrayContaining([
        `- command: npm run -s bench -- ${command.includes('--quick') ? '--quick ' : ''}--rows int8`,
        expect.stringMatching(/^\| `int8` \| .* \| not measured \| +\| +\| +\| +\|$/),
        '- `int8`: against itself in fp32; not measured: There is no trained model at /nowhere/imagenet-classifier-int8: set PADDLE_TS_TEST_DATA.',
      ]),
    )
  }
})

test('an unknown row is an error, and nothing is measured', async () => {
  const failed = execa('node', ['bench/main.js', '--rows', 'none'], { cwd: root })
  await expect(failed).rejects.toMatchObject({
    exitCode: 2,
    stdout: '',
    stderr: expect.stringMatching(/^There is no row none\. The rows are tutorial, python, onnxruntime, /),
  })
})

function cells(line: string): string[] {
  return line
    .split('|')
    .slice(1, -1)
    .map((cell) => cell.trim())
}
