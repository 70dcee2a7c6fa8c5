import { fstatSync, readlinkSync, readSync } from 'node:fs'
import { describe, expect, test } from '@jest/globals'
import { aligned, Lane } from '../../src/bridge/index.js'
import { mapMemory } from '../../src/bridge/mapped-memory.js'
import { allocateMemory, createUnlinkedFile } from '../../src/bridge/shared-memory.js'

describe('a region', () => {
  test('has no path, grows, and keeps its contents', () => {
    const lane = new Lane(0)
    try {
      const { input } = lane
      expect(readlinkSync(`/proc/self/fd/${input.descriptor}`)).toBe('/memfd:paddle-ts (deleted)')
      input.grow(10)
      expect(input.size).toBe(4096)
      new Uint8Array(input.buffer).set([1, 2, 3])
      input.grow(1_000_000)
      expect(input.size).toBe(1_003_520)
      expect([...new Uint8Array(input.buffer, 0, 3)]).toEqual([1, 2, 3])
      expect(fstatSync(input.descriptor).size).toBe(input.size)
    } finally {
      lane.close()
    }
  })

  test('an old view and a new one are the same memory', () => {
    const lane = new Lane(0)
    try {
      lane.input.grow(4096)
      const old = new Uint8Array(lane.input.buffer)
      lane.input.grow(100_000)
      old[7] = 42
      expect(new Uint8Array(lane.input.buffer)[7]).toBe(42)
      const bytes = new Uint8Array(8)
      readSync(lane.input.descriptor, bytes, 0, 8, 0)
      expect(bytes[7]).toBe(42)
    } finally {
      lane.close()
    }
  })

  test('a view may be accessed after close()', () => {
    const lane = new Lane(0)
    lane.output.grow(4096)
    const view = new Uint8Array(lane.output.buffer)
    lane.close()
    view.fill(9)
    expect(view[4095]).toBe(9)
    expect(lane.output.size).toBe(0)
  })

  test('memory that cannot be allocated is an error with its size', () => {
    const lane = new Lane(0)
    try {
      expect(() => {
        lane.input.grow(2 ** 52)
      }).toThrow(
        expect.objectContaining({
          code: 'SHARED_MEMORY_FAILED',
          message: expect.stringMatching(
            /^4294967296\.0 MiB of shared memory could not be allocated: \d+\.\d MiB are free\.\nFeed smaller batches, or free memory \(in a container: raise its memory limit\)\.$/,
          ),
        }),
      )
      lane.input.grow(4096)
      expect(lane.input.size).toBe(4096)
    } finally {
      lane.close()
    }
  })
})

test('without memfd, an unlinked file is used', () => {
  const memory = createUnlinkedFile()
  const { descriptor } = memory
  try {
    allocateMemory(descriptor, 0, 8192)
    new Uint8Array(mapMemory(descriptor, 8192)!).fill(5)
    expect(fstatSync(descriptor).nlink).toBe(0)
    const bytes = new Uint8Array(1)
    readSync(descriptor, bytes, 0, 1, 8191)
    expect(bytes[0]).toBe(5)
  } finally {
    memory.close()
  }
})

test.each([
  [0, 0],
  [1, 64],
  [64, 64],
  [65, 128],
])('aligned(%d) is %d', (offset, expected) => {
  expect(aligned(offset)).toBe(expected)
})
