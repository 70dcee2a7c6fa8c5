import { delimiter } from 'node:path'
import {
  findInterpreter,
  homeOf,
  installAdvice,
  readManifest,
  type Interpreter,
} from '../../environment/index.js'
import { probeInterpreter, type InterpreterFacts } from '../../environment/probe-interpreter.js'
import { isFolder } from '../is-folder.js'
import { interruption } from '../terminal/interruption.js'
import { failed, failure, ok, warning, type Check } from './check.js'

/** Optional, even on a GPU. */
const ofTensorRt = 'libnvinfer.so'
const sources = { option: '--python', PADDLE_TS_PYTHON: 'PADDLE_TS_PYTHON', managed: 'the managed one' }

/** Checks the Python and its packages. Returns the interpreter only if it can import paddle. */
export async function checkPython(
  python: string | undefined,
): Promise<{ interpreter?: Interpreter; checks: readonly Check[] }> {
  let interpreter: Interpreter
  try {
    interpreter = await findInterpreter({ python })
  } catch (error) {
    return { checks: [failed('Python', error)] }
  }
  const where = `${interpreter.path} (${sources[interpreter.source]})`
  let facts: InterpreterFacts
  try {
    facts = await probeInterpreter(interpreter.path, {
      signal: interruption,
      source: interpreter.source,
    })
  } catch (error) {
    return { checks: [ok('Python', where), failed('Paddle', error)] }
  }
  const checks = [
    ok('Python', `${facts.python}, ${where}`),
    checkPaddle(facts),
    checkNumpy(facts, interpreter),
    await checkCompiled(facts, interpreter),
    await checkLibraries(facts),
  ]
  return { interpreter, checks }
}

function checkPaddle({ paddle }: InterpreterFacts): Check {
  const commit = paddle.commit === null ? '' : `, commit ${paddle.commit.slice(0, 7)}`
  const text = `${paddle.version}${commit}`
  const [major = 0, minor = 0] = paddle.version.split('.').map(Number)
  return major > 2 || (major === 2 && minor >= 6)
    ? ok('Paddle', text)
    : warning('Paddle', text, 'paddle-ts supports 2.6 and later: paddle-ts setup')
}

function checkNumpy({ numpy, paddle }: InterpreterFacts, { source }: Interpreter): Check {
  if (numpy === null) return failure('numpy', 'not installed', installAdvice(source, 'numpy'))
  if (paddle.version.startsWith('2.') && !numpy.startsWith('1.')) {
    return failure(
      'numpy',
      numpy,
      'Paddle 2.6 crashes with numpy 2. Install an older one: pip install "numpy<2"',
    )
  }
  return ok('numpy', numpy)
}

async function checkCompiled(
  { compiled_with: compiled }: InterpreterFacts,
  { source }: Interpreter,
): Promise<Check> {
  const { cuda, cudnn, tensorrt, onednn, rocm, xpu } = compiled
  const features = { CUDA: cuda, cuDNN: cudnn, TensorRT: tensorrt, oneDNN: onednn, ROCm: rocm, XPU: xpu }
  const text = Object.entries(features)
    .map(([name, value]) => `${name} ${value === true ? 'yes' : value === false ? 'no' : value}`)
    .join(', ')
  const asked = source === 'managed' ? (await readManifest(homeOf().pointer))?.wish.device : undefined
  return asked === 'gpu' && cuda === false
    ? failure(
        'Compiled with',
        text,
        'A GPU wheel was requested, but this wheel has no CUDA: paddle-ts setup --device auto',
      )
    : ok('Compiled with', text)
}

/** Checks for libraries that paddle does not find, and for missing folders in LD_LIBRARY_PATH. */
async function checkLibraries({ missing, compiled_with: compiled }: InterpreterFacts): Promise<Check> {
  const folders = (process.env['LD_LIBRARY_PATH'] ?? '').split(delimiter).filter((folder) => folder !== '')
  const searched =
    folders.length === 0 ? 'LD_LIBRARY_PATH is not set' : `LD_LIBRARY_PATH=${folders.join(delimiter)}`
  const notFound = `${missing.join(', ')} not found; ${searched}`
  if (missing.some((library) => library !== ofTensorRt)) {
    return failure(
      'Libraries',
      notFound,
      `Inference on a GPU requires NVIDIA’s driver (libcuda), CUDA ${compiled.cuda} (libcublas) and cuDNN ${compiled.cudnn} (libcudnn). ` +
        'Install what is missing, or add its folder to LD_LIBRARY_PATH. On the CPU, this wheel works without them.',
    )
  }
  if (missing.length > 0) {
    return warning(
      'Libraries',
      notFound,
      `Without it, TensorRT is not available. Install TensorRT ${compiled.tensorrt}, or add its folder to LD_LIBRARY_PATH.`,
    )
  }
  const there = await Promise.all(folders.map(isFolder))
  const gone = folders.filter((_, index) => !there[index])
  if (gone.length > 0) {
    return warning(
      'Libraries',
      `LD_LIBRARY_PATH contains ${gone.join(', ')}, which ${gone.length === 1 ? 'does' : 'do'} not exist`,
      'Remove it from LD_LIBRARY_PATH, or install the libraries that belong there.',
    )
  }
  return ok('Libraries', `nothing missing; ${searched}`)
}
