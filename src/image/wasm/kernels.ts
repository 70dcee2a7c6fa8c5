import { arithmeticWasm } from './kernels.wasm.js'

/**
 * The exports of `assembly/arithmetic.ts`, documented there; numbers are addresses in `memory`, sizes and
 * weights.
 */
export interface WasmKernels {
  readonly memory: Memory
  readonly narrow: (
    from: number,
    rowBytes: number,
    rows: number,
    starts: number,
    pairs: number,
    weights: number,
    room: number,
    count: number,
    to: number,
  ) => void
  readonly lower: (from: number, bytes: number, weights: number, count: number, to: number) => void
  readonly acrossTwo: Across
  readonly acrossFour: Across
  readonly acrossEight: Across
  readonly downTwo: (
    first: number,
    second: number,
    firstWeight: number,
    secondWeight: number,
    count: number,
    to: number,
  ) => void
  readonly downFour: (
    first: number,
    second: number,
    third: number,
    fourth: number,
    weights: number,
    count: number,
    to: number,
  ) => void
  readonly downEight: (rows: number, weights: number, count: number, to: number) => void
  readonly areaAcross: (
    from: number,
    starts: number,
    counts: number,
    weights: number,
    room: number,
    count: number,
    to: number,
  ) => void
  readonly areaDown: (row: number, weight: number, count: number, sums: number, begins: boolean) => void
  readonly areaRound: (sums: number, count: number, to: number) => void
  readonly addRow: (from: number, count: number, sums: number, begins: boolean) => void
  readonly boxes: (
    sums: number,
    width: number,
    count: number,
    divisor: number,
    way: number,
    to: number,
  ) => void
  readonly normalise: (
    from: number,
    pixels: number,
    to: number,
    planeBytes: number,
    scale: number,
    ...meansAndStds: number[]
  ) => void
}

type Across = (from: number, starts: number, weights: number, count: number, to: number) => void

interface Memory {
  readonly buffer: ArrayBuffer
  grow(pages: number): number
}

/** Node's types rely on the browser's. */
declare const WebAssembly: {
  readonly Module: new (bytes: Uint8Array) => object
  readonly Instance: new (module: object) => { readonly exports: unknown }
}

let compiled: object | undefined

/** Free instances. Each computation needs the memory of one to itself. */
const idle: WasmKernels[] = []

/** Calls `compute` with an instance of its own. */
export async function withKernels<T>(compute: (arithmetic: WasmKernels) => Promise<T>): Promise<T> {
  const arithmetic = acquireKernels()
  const result = await compute(arithmetic)
  releaseKernels(arithmetic)
  return result
}

export function acquireKernels(): WasmKernels {
  const found = idle.pop()
  if (found) return found
  compiled ??= new WebAssembly.Module(Buffer.from(arithmeticWasm, 'base64'))
  return new WebAssembly.Instance(compiled).exports as WasmKernels
}

/** The most memory of an instance that is kept, in bytes: WebAssembly memory never shrinks. */
const mostKept = 64 * 2 ** 20

/** Returns an instance; do not access its memory afterwards. */
export function releaseKernels(arithmetic: WasmKernels): void {
  if (arithmetic.memory.buffer.byteLength <= mostKept) idle.push(arithmetic)
}

const pageBytes = 65536

/** Grows the memory to `bytes`. Existing views on it become empty. */
export function grow(memory: Memory, bytes: number): void {
  const missing = Math.ceil((bytes - memory.buffer.byteLength) / pageBytes)
  if (missing > 0) memory.grow(missing)
}

/** SIMD instructions access whole words: this many bytes beyond the requested end may be touched. */
const slack = 64

/** Allocates consecutive addresses with some slack each. */
export class Room {
  end = 0

  of(bytes: number): number {
    const at = this.end
    this.end += Math.ceil((bytes + slack) / 16) * 16
    return at
  }
}
