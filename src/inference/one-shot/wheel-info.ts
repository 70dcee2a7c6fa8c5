import { withLimits } from '../../async/index.js'
import { callOnce, type Versions } from '../../bridge/index.js'
import { wrongType, wrongValue } from '../../errors.js'
import { checkOptions } from '../../options/index.js'
import { dtypeNames, dtypes, isDType, type DType } from '../../tensor/index.js'
import { callForm, type CallOptions } from '../options/call-options.js'

/**
 * A version of TensorRT: major, minor, patch; all 0 if the wheel has no TensorRT, or if paddle does not find
 * its library at run time.
 */
export type TrtVersion = readonly [major: number, minor: number, patch: number]

/** A dtype by paddle's name (`paddle.inference.DataType`). */
export type DataTypeName = Uppercase<DType>

/**
 * The version of the wheel (`paddle.inference.get_version`), as lines of `version: 3.3.1`, `commit: …` and
 * `branch: …`.
 *
 * @throws PaddleError ENVIRONMENT_NOT_READY, PYTHON_NOT_FOUND, PADDLE_…, WORKER_…, ABORTED, TIMEOUT
 */
export async function getVersion(options: CallOptions = {}): Promise<string> {
  return (await versionsOf(options)).description
}

/**
 * The TensorRT version that the wheel was built with (`get_trt_compile_version`). @throws as {@link
 * getVersion}
 */
export async function getTrtCompileVersion(options: CallOptions = {}): Promise<TrtVersion> {
  return trtVersion((await versionsOf(options)).trtCompile)
}

/**
 * The TensorRT version that the wheel finds at run time (`get_trt_runtime_version`). @throws as {@link
 * getVersion}
 */
export async function getTrtRuntimeVersion(options: CallOptions = {}): Promise<TrtVersion> {
  return trtVersion((await versionsOf(options)).trtRuntime)
}

/**
 * The size of one element in bytes (`get_num_bytes_of_data_type`), for every dtype. Paddle's own function
 * supports float32, int64, int32 and uint8, and returns -1 for the others.
 *
 * @param dtype `float32` or paddle's name, `FLOAT32`.
 */
export function getNumBytesOfDataType(dtype: DType | DataTypeName): number {
  if (typeof dtype !== 'string') throw wrongType('dtype', 'the name of an element type', dtype)
  const name = dtype.toLowerCase()
  if (!isDType(name) || (dtype !== name && dtype !== name.toUpperCase())) {
    throw wrongValue('dtype', `one of ${dtypeNames.join(', ')}`, dtype)
  }
  return dtypes[name].bytes
}

async function versionsOf(options: CallOptions): Promise<Versions> {
  const what = 'Reading the version'
  checkOptions(callForm, options)
  return withLimits(options, what, async (signal) =>
    callOnce('versions', null, {
      python: options.python,
      signal,
      failure: 'WORKER_DIED',
      title: 'paddle.inference',
    }),
  )
}

function trtVersion([major = 0, minor = 0, patch = 0]: readonly number[]): TrtVersion {
  return [major, minor, patch]
}
