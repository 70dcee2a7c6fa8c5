import { basename } from 'node:path'
import { messageOf, PaddleError } from '../errors.js'
import { describeDeath, type Ending } from '../python/index.js'
import { wording, type Wording } from '../wording.js'
import type { Interpreter } from './executables.js'
import { gpuWheelsOf, noGpuWheelsReason, onPypi, pinnedOnPypi } from './gpu-wheels.js'

/**
 * The error for a GPU wheel that PyPI does not have. `asked` is the requested version of Paddle; null: the
 * default, which is `paddle`.
 */
export function missingGpuIndex(asked: string | null, paddle: string): PaddleError {
  const version = asked === null ? '' : ` --paddle-version ${asked}`
  const setUp = `paddle-ts setup --device gpu${version}`
  const indexes = gpuWheelsOf(paddle).map(
    ({ cuda, indexUrl }) => `  CUDA ${cuda.join('.')}: ${setUp} --index-url ${indexUrl ?? ''}`,
  )
  const ways = [
    ...(indexes.length === 0
      ? []
      : [
          'Let paddle-ts select an index by the driver:',
          `  paddle-ts setup --device auto${version}`,
          'or name the index for your version of CUDA:',
          ...indexes,
        ]),
    `${indexes.length === 0 ? 'Install' : 'or install'} a version that PyPI has:`,
    `  paddle-ts setup --device gpu --paddle-version ${pinnedOnPypi}`,
    'or a wheel that you have downloaded:',
    '  paddle-ts setup --device gpu --wheel FILE.whl',
  ]
  return new PaddleError(
    'ENVIRONMENT_GPU_SOURCE_MISSING',
    `PyPI has no paddlepaddle-gpu ${paddle}: it has GPU wheels of Paddle ${onPypi.join(', ')}, for CUDA 11.8.`,
    { advice: ways.join('\n') },
  )
}

export function noGpuWheels(system: { platform: string; arch: string }): PaddleError {
  return new PaddleError('PLATFORM_UNSUPPORTED', `${noGpuWheelsReason(system)}.`, {
    advice: 'Install the CPU wheel: paddle-ts setup --device cpu',
  })
}

export function wheelNotFound(wheel: string, cause: unknown): PaddleError {
  return new PaddleError(
    'ENVIRONMENT_WHEEL_INVALID',
    `Cannot read the wheel ${wheel}: ${messageOf(cause)}.`,
    { cause, advice: 'Give the path of a downloaded wheel: paddle-ts setup --wheel FILE.whl' },
  )
}

export function unsupportedWheelName(wheel: string): PaddleError {
  return new PaddleError(
    'ENVIRONMENT_WHEEL_INVALID',
    `${basename(wheel)} is not the file name of a paddle wheel, which contains its version, Python and platform.`,
    {
      advice: 'Keep the name of the downloaded file: paddlepaddle_gpu-3.3.1-cp311-cp311-linux_x86_64.whl',
    },
  )
}

/** A failed import of paddle, as reported by `python/probe_environment.py` and its exit. */
export interface ImportFailure extends Ending {
  /** The class and text of the exception, if the process survived to report it. */
  readonly type?: string | undefined
  readonly message?: string | undefined
}

/**
 * The error for an interpreter that fails to import paddle; the advice depends on where the interpreter comes
 * from.
 */
export function importError(
  python: string,
  failure: ImportFailure,
  source: Interpreter['source'] = 'managed',
): PaddleError {
  const { type, message = '', signal } = failure
  const cannot = `${python} cannot import paddle`
  if (signal === 'SIGILL') {
    return new PaddleError(
      'PADDLE_CPU_UNSUPPORTED',
      `${cannot}: it died with SIGILL, because the CPU lacks an instruction that the wheel requires (AVX on x64).`,
      { advice: 'Use a machine whose CPU has AVX; for a virtual machine, choose a CPU model with AVX.' },
    )
  }
  if (type === undefined) {
    return new PaddleError('PADDLE_IMPORT_FAILED', `${cannot}: it ${describeDeath(failure)}`, {
      advice: installAdvice(source, 'paddle'),
    })
  }
  if (type === 'ModuleNotFoundError' && message === "No module named 'paddle'") {
    return new PaddleError('PADDLE_NOT_INSTALLED', `${cannot}: ${message}.`, {
      advice: 'Install it: paddle-ts setup',
    })
  }
  return new PaddleError('PADDLE_IMPORT_FAILED', `${cannot}: ${message || type}.`, {
    advice: importRemedy(message, source),
  })
}

/** Advice for a package that an interpreter lacks or cannot import. */
export function installAdvice(source: Interpreter['source'], name: string): Wording {
  switch (source) {
    case 'managed':
      return 'Reinstall the managed Python: paddle-ts setup --force'
    case 'option':
      return wording`Install ${name} in it, or omit ${{ option: 'python' }} to use the managed Python.`
    case 'PADDLE_TS_PYTHON':
      return `Install ${name} in it, or unset PADDLE_TS_PYTHON to use the managed Python.`
  }
}

function importRemedy(message: string, source: Interpreter['source']): Wording {
  if (/GLIBC(XX)?_[\d.]+/.test(message)) {
    return 'The system is older than the wheel needs: use one with a newer glibc, such as the image node:22-bookworm.'
  }
  const library = /(\S+\.so[.\d]*): cannot open shared object file/.exec(message)?.[1]
  if (library !== undefined) {
    return `Install the system package that provides ${library}, or add its folder to LD_LIBRARY_PATH.`
  }
  if (/failed to map segment|[Cc]annot allocate memory|MemoryError/.test(message)) {
    return 'It takes about 300 MB of memory, and 800 MB of address space: free memory, or raise the limit (ulimit -v; in a container its memory limit).'
  }
  if (!/numpy/i.test(message)) return installAdvice(source, 'paddle')
  return [
    'Its numpy is missing, damaged, or not compatible with the wheel. ',
    installAdvice(source, 'another numpy'),
  ]
}
