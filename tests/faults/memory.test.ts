import { fstatSync, mkdtempSync, readFileSync } from 'node:fs'
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { execa, execaSync } from 'execa'
import { Lane } from '../../src/bridge/index.js'
import { mapMemory } from '../../src/bridge/mapped-memory.js'
import { allocateByWriting, allocateMemory, createUnlinkedFile } from '../../src/bridge/shared-memory.js'
import { createPredictor, PredictorPool } from '../../src/inference/index.js'
import { tensor, type Tensor } from '../../src/tensor/index.js'
import { LimitedMemory, whyUnlimited } from '../helpers/limited-memory.js'
import { makeNets, type Nets } from '../helpers/nets.js'
import { root } from '../helpers/project.js'
import { testPython } from '../helpers/python.js'
import { testWhere } from '../helpers/test-where.js'
import { killedIn } from '../helpers/worker-death.js'

let nets: Nets
let folder: string

beforeAll(async () => {
  nets = await makeNets()
  folder = await mkdtemp(join(tmpdir(), 'memory-'))
})

afterAll(async () => {
  await nets[Symbol.asyncDispose]()
  await rm(folder, { recursive: true })
})

/** Sets a limit of this process with `prlimit(1)`. */
function setLimit(limit: string, value: number | 'unlimited'): void {
  execaSync('prlimit', ['--pid', String(process.pid), `--${limit}=${value}:`])
}

/** Calls back while the limit applies to this process. */
function limited<T>(limit: string, value: number, callback: () => T): T {
  setLimit(limit, value)
  try {
    return callback()
  } finally {
    setLimit(limit, 'unlimited')
  }
}

async function limitedFor<T>(limit: string, value: number, promise: () => Promise<T>): Promise<T> {
  setLimit(limit, value)
  try {
    return await promise()
  } finally {
    setLimit(limit, 'unlimited')
  }
}

function thrownBy(callback: () => void): unknown {
  try {
    callback()
    return undefined
  } catch (error) {
    return error
  }
}

function growing({ input }: Lane, bytes: number): unknown {
  return thrownBy(() => {
    input.grow(bytes)
  })
}

const lessFeed = 'Feed smaller batches, or free memory (in a container: raise its memory limit).'

describe('in Node', () => {
  test('a limit of file sizes is reported, and the contents stay', () => {
    const lane = new Lane(0)
    try {
      lane.input.grow(4096)
      const error = limited('fsize', 65_536, () => growing(lane, 100_000))
      expect(error).toMatchObject({
        code: 'SHARED_MEMORY_FAILED',
        message: `0.1 MiB of shared memory could not be allocated (EFBIG; ulimit -f is 64 KiB).\n${lessFeed}`,
      })
      new Uint8Array(lane.input.buffer).fill(1)
      lane.input.grow(100_000)
      expect(lane.input.size).toBe(102_400)
    } finally {
      lane.close()
    }
  })

  test('a limit of address space is reported', () => {
    const lane = new Lane(0)
    try {
      const bytes = 256 * 2 ** 20
      const [, kibibytes] = /^VmSize:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8')) ?? []
      const limit = Number(kibibytes) + 64 * 1024
      const error = limited('as', limit * 1024, () => growing(lane, bytes))
      expect(error).toMatchObject({
        code: 'SHARED_MEMORY_FAILED',
        message: `256.0 MiB of shared memory could not be mapped (ENOMEM; ulimit -v is ${limit} KiB).\n${lessFeed}`,
      })
      expect(lane.input.size).toBe(0)
      // None of it is kept: it was allocated before the mapping failed.
      expect(fstatSync(lane.input.descriptor).blocks).toBe(0)
      lane.input.grow(8192)
      expect(new Uint8Array(lane.input.buffer).fill(7)[8191]).toBe(7)
    } finally {
      lane.close()
    }
  })
})

describe('regions as files', () => {
  /** A file system of this size in MiB; undefined if this user may not mount one. */
  function smallDisk(mebibytes: number): string | undefined {
    const disk = mkdtempSync(join(folder, 'disk-'))
    const size = `size=${mebibytes}m`
    const { exitCode } = execaSync('mount', ['-t', 'tmpfs', '-o', size, 'none', disk], { reject: false })
    return exitCode === 0 ? disk : undefined
  }

  /** The error of growing a file to 2 MiB, and whether its contents can still be read. */
  function growFile(allocate: typeof allocateByWriting, place?: string): { error: unknown; kept: boolean } {
    const memory = createUnlinkedFile(place)
    try {
      allocateByWriting(memory.descriptor, 0, 8192)
      const view = new Uint8Array(mapMemory(memory.descriptor, 8192)!).fill(5)
      const error = thrownBy(() => {
        allocate(memory.descriptor, 8192, 2 * 2 ** 20)
      })
      return { error, kept: view.every((byte) => byte === 5) }
    } finally {
      memory.close()
    }
  }

  test('a full disk is reported when memory is allocated, not when it is written', () => {
    const disk = smallDisk(1)
    try {
      // A limit replaces the full disk if none can be mounted.
      const { error, kept } =
        disk === undefined
          ? limited('fsize', 2 ** 20, () => growFile(allocateMemory))
          : growFile(allocateByWriting, disk)
      const reason = disk === undefined ? 'EFBIG; ulimit -f is 1024 KiB' : 'ENOSPC'
      expect(error).toMatchObject({
        code: 'SHARED_MEMORY_FAILED',
        message: `2.0 MiB of shared memory could not be allocated (${reason}).\n${lessFeed}`,
      })
      expect(kept).toBe(true)
    } finally {
      if (disk !== undefined) execaSync('umount', ['--lazy', disk])
    }
  })

  test.each([
    ['at once', allocateMemory],
    ['by writing', allocateByWriting],
  ])(
    'memory that runs out half-way, allocated %s, is released, and can be allocated later',
    (_, allocate) => {
      // If no disk can be mounted, the limit of file sizes fails before anything is allocated.
      const disk = smallDisk(10)
      const memory = createUnlinkedFile(disk)
      const { descriptor } = memory
      try {
        allocate(descriptor, 0, 8192)
        const before = fstatSync(descriptor).blocks
        const grow = (): void => {
          allocate(descriptor, 8192, 20 * 2 ** 20)
        }
        expect(
          thrownBy(
            disk === undefined
              ? () => {
                  limited('fsize', 2 ** 20, grow)
                }
              : grow,
          ),
        ).toMatchObject({
          code: 'SHARED_MEMORY_FAILED',
        })
        expect(fstatSync(descriptor).blocks).toBe(before)
        allocate(descriptor, 8192, 9 * 2 ** 20)
        const { size, blocks } = fstatSync(descriptor)
        expect(size).toBeGreaterThanOrEqual(9 * 2 ** 20)
        expect(blocks * 512).toBe(9 * 2 ** 20)
      } finally {
        memory.close()
        if (disk !== undefined) execaSync('umount', ['--lazy', disk])
      }
    },
  )

  test('have no holes', () => {
    const memory = createUnlinkedFile()
    try {
      allocateByWriting(memory.descriptor, 0, 100_000)
      const { size, blocks } = fstatSync(memory.descriptor)
      expect(size).toBe(100_000)
      expect(blocks * 512).toBeGreaterThanOrEqual(size)
    } finally {
      memory.close()
    }
  })
})

/** A Python that starts through this command. */
async function pythonUnder(name: string, before: string): Promise<string> {
  const path = join(folder, name)
  await writeFile(path, `#!/bin/sh\n${before} '${await testPython()}' "$@"\n`)
  await chmod(path, 0o755)
  return path
}

/** The element that `grow` outputs 16 times. */
function square(side: number): { x: Tensor } {
  return { x: tensor('float32', [side, side], new Float32Array(side * side).fill(3)) }
}

/** Expects the output of `grow` for `square(side)`. */
function expectSquares(outputs: Record<string, Tensor>, side: number): void {
  const expected = new Float32Array(16 * side * side).fill(3)
  expect(Object.values(outputs)).toEqual([tensor('float32', [side, 16 * side], expected)])
}

describe('for outputs', () => {
  const denied = {
    code: 'SHARED_MEMORY_FAILED',
    message: `0.3 MiB of shared memory could not be allocated (EFBIG; ulimit -f is 64 KiB).\n${lessFeed}`,
  }

  test('a limit of file sizes is reported, and affects no other run', async () => {
    await using predictor = await createPredictor({ model: nets.grow, oneDnn: false })
    const { pid } = predictor.info
    await limitedFor('fsize', 65_536, async () => {
      const [first, second, third, fourth] = [64, 8, 64, 16].map((side) => predictor.run(square(side)))
      await Promise.all([
        expect(first).rejects.toMatchObject(denied),
        expect(third).rejects.toMatchObject(denied),
      ])
      expectSquares(await second!, 8)
      expectSquares(await fourth!, 16)
    })
    expectSquares(await predictor.run(square(64)), 64)
    expect(predictor.info).toMatchObject({ pid })
  })

  test('a limit of file sizes is reported by a pool, whose worker continues', async () => {
    await using pool = await PredictorPool.create({ model: nets.grow, workers: 1, oneDnn: false })
    await limitedFor('fsize', 65_536, async () => {
      await expect(pool.run(square(64))).rejects.toMatchObject(denied)
      expectSquares(await pool.run(square(8)), 8)
    })
    expectSquares(await pool.run(square(64)), 64)
  })
})

test.each([2_000_000, 6_000_000])(
  'with a limit of %i KiB, an image that cannot be decoded is not blamed',
  async (kibibytes) => {
    const words = [process.execPath, 'bin/paddle-ts.js', 'infer', '--json', '--workers', '1', '--quiet']
    const image = 'images/characters/K-blurred.jpg'
    const limit = `ulimit -v ${kibibytes}; exec "$@"`
    const { stdout, exitCode } = await execa('sh', ['-c', limit, 'sh', ...words, image], {
      ...{ cwd: root, reject: false },
    })
    expect(exitCode).toBe(1)
    expect(JSON.parse(stdout)).toEqual({
      image,
      error: {
        code: 'OUT_OF_MEMORY',
        message:
          `${image} cannot be decoded: there is not enough memory (WebAssembly.Instance(): Out of memory: ` +
          `Cannot allocate Wasm memory for new instance; ulimit -v is ${kibibytes} KiB).\nRaise the limit (ulimit -v).`,
      },
    })
  },
)

describe('in the worker', () => {
  test('too little address space to import paddle', async () => {
    const python = await pythonUnder('python-v', 'exec prlimit --as=400000000')
    await expect(createPredictor({ model: nets.grow, python })).rejects.toMatchObject({
      code: 'PADDLE_IMPORT_FAILED',
      message: expect.stringMatching(
        /^.*python-v cannot import paddle: .*failed to map segment from shared object\.\nIt takes about 300 MB of memory, and 800 MB of address space: free memory, or raise the limit \(ulimit -v; in a container its memory limit\)\.$/,
      ),
    })
  })

  test('too little address space for a run', async () => {
    const python = await pythonUnder('python-run', 'exec prlimit --as=1500000000')
    await using predictor = await createPredictor({ model: nets.grow, python, oneDnn: false })
    const error: unknown = await predictor.run(square(4096)).catch((reason: unknown) => reason)
    expect(error).toMatchObject({
      code: 'RUN_FAILED',
      message: expect.stringMatching(
        /ResourceExhaustedError[^]*\nThe address space is limited \(ulimit -v is 1464843 KiB\): raise the limit, or feed smaller batches\./,
      ),
    })
    expect(Object.values(await predictor.run(square(8)))[0]).toMatchObject({ shape: [8, 128] })
  })

  const unlimited = whyUnlimited()
  const testLimited = testWhere(unlimited === undefined, unlimited ?? '', { byRoot: true })
  testLimited('a worker killed because the system runs out of memory', async () => {
    using group = new LimitedMemory(700 * 2 ** 20)
    const python = await pythonUnder('python-oom', `echo $$ > ${group.processes}; exec`)
    await using predictor = await createPredictor({ model: nets.grow, python, oneDnn: false })
    const deadline = AbortSignal.timeout(60_000)
    const run = async (): Promise<unknown> => {
      for (;;) await predictor.run(square(3000), { signal: deadline })
    }
    await expect(run()).rejects.toMatchObject({
      code: 'WORKER_DIED',
      message: killedIn(nets.grow, { oneDnn: false }),
    })
  })
})
