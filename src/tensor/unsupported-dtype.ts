import { PaddleError } from '../errors.js'

/** The dtypes that paddle has but does not accept as input, each with what to use instead. */
const instead: Readonly<Record<string, string>> = {
  int16: 'int32 (an Int32Array)',
  uint16: 'int32 (an Int32Array)',
  uint32: 'int64 (a BigInt64Array)',
  uint64: 'int64 (a BigInt64Array)',
  complex64: 'two tensors, its real and its imaginary part',
  complex128: 'two tensors, its real and its imaginary part',
}

/** What paddle's `copy_from_cpu` converts an array of such a type to. */
const promoted: Readonly<Record<string, string>> = { int16: 'int32', uint16: 'int32', uint32: 'int64' }

const arrays: Readonly<Record<string, string>> = {
  Int16Array: 'int16',
  Uint16Array: 'uint16',
  Uint32Array: 'uint32',
  BigUint64Array: 'uint64',
}

/** The dtype of a typed array that no tensor can hold; undefined for all others. */
export function unsupportedArray(type: string | undefined): string | undefined {
  return type === undefined ? undefined : arrays[type]
}

/** Whether paddle has this dtype, but does not accept it as input. */
export function isUnsupported(dtype: unknown): dtype is string {
  return typeof dtype === 'string' && Object.hasOwn(instead, dtype)
}

/** The error for a tensor of an unsupported dtype. */
export function unsupportedFeed(name: string, dtype: string): PaddleError {
  return new PaddleError('DTYPE_UNSUPPORTED', `\`${name}\` is ${dtype}, ${reason(dtype)}.`, {
    advice: `Feed it as ${instead[dtype] ?? 'another type'}.`,
  })
}

/** The error for a model that declares an input of an unsupported dtype. */
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
    ? 'which paddle does not accept'
    : `which paddle does not accept: it would silently convert it to ${type}`
}
