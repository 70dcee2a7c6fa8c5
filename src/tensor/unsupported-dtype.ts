import { PaddleError } from '../errors.js'

/** Element types that paddle has and that cannot be fed, with what can be fed instead. */
const instead: Readonly<Record<string, string>> = {
  int16: 'int32 (an Int32Array)',
  uint16: 'int32 (an Int32Array)',
  uint32: 'int64 (a BigInt64Array)',
  uint64: 'int64 (a BigInt64Array)',
  complex64: 'two tensors, its real and its imaginary part',
  complex128: 'two tensors, its real and its imaginary part',
}

/** What paddle's `copy_from_cpu` makes of an array of such a type. */
const promoted: Readonly<Record<string, string>> = { int16: 'int32', uint16: 'int32', uint32: 'int64' }

const arrays: Readonly<Record<string, string>> = {
  Int16Array: 'int16',
  Uint16Array: 'uint16',
  Uint32Array: 'uint32',
  BigUint64Array: 'uint64',
}

/** The element type of a typed array that no tensor can hold; undefined for all others. */
export function unsupportedArray(type: string | undefined): string | undefined {
  return type === undefined ? undefined : arrays[type]
}

/** Whether it is an element type that paddle has, but cannot be fed. */
export function isUnsupported(dtype: unknown): dtype is string {
  return typeof dtype === 'string' && Object.hasOwn(instead, dtype)
}

/** The error for a tensor of a type that cannot be fed. */
export function unsupportedFeed(name: string, dtype: string): PaddleError {
  return new PaddleError('DTYPE_UNSUPPORTED', `\`${name}\` is ${dtype}, ${reason(dtype)}.`, {
    advice: `Feed it as ${instead[dtype] ?? 'another type'}.`,
  })
}

/** The error for an input that the model declares of such a type. */
export function unsupportedInput(name: string, dtype: string): PaddleError {
  const type = instead[dtype]?.split(' (')[0]
  return new PaddleError(
    'DTYPE_UNSUPPORTED',
    `The model's input \`${name}\` is ${dtype}, ${reason(dtype)}.`,
    { advice: `Export the network with ${type ?? 'float32'} there, and a cast inside.` },
  )
}

function reason(dtype: string): string {
  const type = promoted[dtype]
  return type === undefined
    ? 'which paddle cannot be fed'
    : `which paddle cannot be fed: it would take it as ${type} in silence`
}
