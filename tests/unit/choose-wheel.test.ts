import { describe, expect, test } from '@jest/globals'
import { chooseWheel, type InstalledWheel } from '../../src/environment/choose-wheel.js'
import type { Driver } from '../../src/environment/driver.js'
import { gpuWheels, gpuWheelsOf, onPypi } from '../../src/environment/gpu-wheels.js'
import { readPage } from '../helpers/pages.js'

const linux = { platform: 'linux', arch: 'x64' }
const index = (cuda: number): string => `https://www.paddlepaddle.org.cn/packages/stable/cu${cuda}/`

/** A simulated driver. */
function driver(cuda: [number, number], version: string | null, ...gpus: Driver['gpus']): Driver {
  return { driver: version, cuda, gpus, installed: true, problem: null }
}
const l4 = { name: 'NVIDIA L4', capability: [8, 9] } satisfies Driver['gpus'][number]
const p100 = { name: 'Tesla P100-PCIE-16GB', capability: [6, 0] } satisfies Driver['gpus'][number]
const b200 = { name: 'NVIDIA B200', capability: [10, 0] } satisfies Driver['gpus'][number]
const unknown = { name: 'Tesla T4', capability: null } satisfies Driver['gpus'][number]

describe('with simulated drivers, the wheel of', () => {
  test.each<[string, Driver, string, number | null]>([
    ['3.3.1', driver([13, 1], '590.44.01', l4), '13.0', 130],
    ['3.3.1', driver([13, 0], '580.65.06', l4), '13.0', 130],
    ['3.3.1', driver([12, 9], '575.51.03', l4), '12.9', 129],
    ['3.3.1', driver([12, 8], '570.26', l4), '12.6', 126],
    ['3.3.1', driver([12, 4], '550.54.14', l4), '12.6', 126],
    ['3.3.1', driver([12, 3], '545.23.06', l4), '11.8', 118],
    ['3.3.1', driver([11, 4], '470.82.01', unknown), '11.8', 118],
    ['3.3.1', driver([11, 0], '450.80.02', unknown), '11.8', 118],
    // CUDA 13 does not compile for a P100, and CUDA 12.6 not for a B200.
    ['3.3.1', driver([13, 0], '580.65.06', p100), '12.9', 129],
    ['3.3.1', driver([13, 0], '580.65.06', p100, b200), '12.9', 129],
    ['3.3.1', driver([13, 0], '580.65.06', b200), '13.0', 130],
    ['3.2.0', driver([13, 0], '580.65.06', l4), '12.9', 129],
    ['3.2.1', driver([13, 0], '580.65.06', l4), '13.0', 130],
    ['3.0.0', driver([13, 0], '580.65.06', l4), '12.6', 126],
    ['2.6.2', driver([13, 0], '580.65.06', l4), '11.8', null],
    ['2.6.0', driver([11, 0], '450.80.02', unknown), '11.8', null],
  ])('%s, %j', (paddle, answer, cuda, url) => {
    const { device, indexUrl, reason } = chooseWheel(paddle, { ...linux, driver: answer })
    expect([device, indexUrl]).toEqual(['gpu', url === null ? null : index(url)])
    expect(reason).toContain(`Using paddlepaddle-gpu ${paddle} for CUDA ${cuda} from ${indexUrl ?? 'PyPI'}: `)
  })
})

/** It is there, and does not answer. */
const broken: Driver = {
  driver: null,
  cuda: null,
  gpus: [],
  installed: true,
  problem: 'nvidia-smi died:\r\n  it said so,\n\nin lines\n',
}

describe('beside an installed wheel', () => {
  const gpu: InstalledWheel = { device: 'gpu', indexUrl: index(126), wheel: null, paddle: '3.3.1' }
  const cpu: InstalledWheel = { device: 'cpu', indexUrl: null, wheel: null, paddle: '3.3.1' }
  const absent: Driver = { ...broken, installed: false, problem: 'nvidia-smi is not on the PATH' }
  const noDriver = 'this machine has no NVIDIA driver (nvidia-smi is not on the PATH)'
  const noAnswer = 'the NVIDIA driver does not answer (nvidia-smi died: it said so, in lines)'
  const keepsGpu = { device: 'gpu', indexUrl: index(126), wheel: null, isInstalled: true }

  test.each<[string, InstalledWheel, Driver, object]>([
    [
      'a GPU wheel is kept while the driver does not answer',
      gpu,
      broken,
      { ...keepsGpu, reason: `Keeping paddlepaddle-gpu 3.3.1 from ${index(126)}: ${noAnswer}` },
    ],
    [
      'so is one from a file',
      { ...gpu, indexUrl: null, wheel: '/a.whl' },
      broken,
      {
        ...{ ...keepsGpu, indexUrl: null, wheel: '/a.whl' },
        reason: `Keeping paddlepaddle-gpu 3.3.1 from /a.whl: ${noAnswer}`,
      },
    ],
    [
      'another version of it comes from the same index',
      { ...gpu, paddle: '3.2.2' },
      broken,
      {
        ...{ ...keepsGpu, isInstalled: false },
        reason: `Using paddlepaddle-gpu 3.3.1 from ${index(126)}: ${noAnswer}`,
      },
    ],
    ['a GPU wheel for this driver is used', gpu, driver([12, 4], '550.54.14', l4), keepsGpu],
    [
      'a GPU wheel for another CUDA is replaced',
      gpu,
      driver([13, 0], '580.65.06', l4),
      { ...keepsGpu, indexUrl: index(130), isInstalled: false },
    ],
    [
      'a GPU wheel is replaced on a machine without a driver',
      gpu,
      absent,
      {
        ...{ device: 'cpu', indexUrl: null, wheel: null, isInstalled: false },
        reason: `Using the CPU wheel, paddlepaddle 3.3.1, from PyPI: ${noDriver}`,
      },
    ],
    [
      'a CPU wheel of this version is used, wherever it is from',
      { ...cpu, wheel: '/paddle.whl' },
      absent,
      {
        ...{ device: 'cpu', indexUrl: null, wheel: '/paddle.whl', isInstalled: true },
        reason: `Using the CPU wheel, paddlepaddle 3.3.1, from /paddle.whl: ${noDriver}`,
      },
    ],
    [
      'a CPU wheel of another version is replaced',
      { ...cpu, paddle: '3.2.2' },
      broken,
      {
        ...{ device: 'cpu', indexUrl: null, wheel: null, isInstalled: false },
        reason: `Using the CPU wheel, paddlepaddle 3.3.1, from PyPI: ${noAnswer}`,
      },
    ],
  ])('%s', (_, installed, answer, choice) => {
    expect(chooseWheel('3.3.1', { ...linux, driver: answer, installed })).toEqual({
      reason: expect.any(String),
      ...choice,
    })
  })
})

describe('with simulated drivers, the reason', () => {
  test('of a GPU wheel', () => {
    const two = driver([12, 4], '550.54.14', l4, l4)
    expect(chooseWheel('3.3.1', { ...linux, driver: two }).reason).toBe(
      `Using paddlepaddle-gpu 3.3.1 for CUDA 12.6 from ${index(126)}: ` +
        'the NVIDIA driver 550.54.14 supports CUDA 12.4 and shows NVIDIA L4 (compute capability 8.9)',
    )
    const nameless = driver([11, 4], null, unknown)
    expect(chooseWheel('2.6.2', { ...linux, driver: nameless }).reason).toBe(
      'Using paddlepaddle-gpu 2.6.2 for CUDA 11.8 from PyPI: ' +
        'the NVIDIA driver supports CUDA 11.4 and shows Tesla T4; ' +
        'the wheel also requires the libraries of CUDA 11.8 and cuDNN 8',
    )
  })

  test.each<[string, string, Driver | undefined, string]>([
    [
      'an old driver',
      '3.3.1',
      driver([10, 2], '440.33.01', unknown),
      'the NVIDIA driver 440.33.01 supports CUDA 10.2, and paddlepaddle-gpu 3.3.1 requires a driver that supports CUDA 11.0 or later',
    ],
    ['no GPU', '3.3.1', driver([12, 4], '550.54.14'), 'the NVIDIA driver 550.54.14 shows no GPU'],
    [
      'no answer, in several lines',
      '3.3.1',
      broken,
      'the NVIDIA driver does not answer (nvidia-smi died: it said so, in lines)',
    ],
    [
      'no driver',
      '3.3.1',
      { ...broken, installed: false, problem: 'nvidia-smi is not on the PATH' },
      'this machine has no NVIDIA driver (nvidia-smi is not on the PATH)',
    ],
    [
      'a GPU that is too new for the driver’s CUDA',
      '3.3.1',
      driver([12, 8], '570.26', b200),
      'NVIDIA B200 (compute capability 10.0) is not supported by CUDA 12.6 or 11.8, for which the NVIDIA driver 570.26 can run paddlepaddle-gpu 3.3.1',
    ],
    [
      'a version without GPU wheels',
      '3.4.0rc1',
      driver([13, 0], '580.65.06', l4),
      'there is no GPU wheel of Paddle 3.4.0rc1 on PyPI or Paddle’s own indexes',
    ],
  ])('of the CPU wheel: %s', (_, paddle, answer, why) => {
    expect(chooseWheel(paddle, { ...linux, driver: answer })).toEqual({
      device: 'cpu',
      indexUrl: null,
      wheel: null,
      isInstalled: false,
      reason: `Using the CPU wheel, paddlepaddle ${paddle}, from PyPI: ${why}`,
    })
  })

  test('of the CPU wheel: another platform, whose driver is not asked', () => {
    expect(chooseWheel('3.3.1', { platform: 'darwin', arch: 'arm64', driver: undefined }).reason).toBe(
      'Using the CPU wheel, paddlepaddle 3.3.1, from PyPI: Paddle has GPU wheels for Linux x64 only, not for darwin arm64',
    )
  })
})

test('every version on PyPI is for CUDA 11.8, and no other version is there', () => {
  expect(onPypi.map((paddle) => gpuWheelsOf(paddle).map(({ cuda, indexUrl }) => [cuda, indexUrl]))).toEqual(
    onPypi.map(() => [[[11, 8], null]]),
  )
  expect(gpuWheelsOf('3.3.1').map(({ indexUrl }) => indexUrl)).toEqual([130, 129, 126, 118].map(index))
  expect(gpuWheelsOf('2.6.2.post120')).toEqual([])
})

test('the table of docs/environment.md has every row', async () => {
  const rows = [...(await readPage('docs/environment.md')).matchAll(/^\| (CUDA \d+\.\d+) +\|(.*)\|$/gm)].map(
    ([, cuda, rest = '']) => [cuda, ...rest.split('|').map((cell) => cell.trim())].slice(0, 4),
  )
  expect(rows).toEqual(
    gpuWheels.map(({ cuda, indexUrl, driverCuda, leastGpu, mostGpu }) => [
      `CUDA ${cuda.join('.')}`,
      indexUrl === null ? 'PyPI' : `\`${indexUrl}\``,
      `CUDA ${driverCuda.join('.')}`,
      `${leastGpu.join('.')} to ${mostGpu.join('.')}`,
    ]),
  )
})
