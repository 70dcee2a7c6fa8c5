import { importError, type Interpreter } from '../environment/index.js'
import { errorCodes, throwIfAborted, PaddleError, type ErrorCode } from '../errors.js'
import { describeDeath, startScript, type Death } from '../python/index.js'
import { formatInputSpec } from './input-spec.js'
import { messageForm, type ExportMessage, type ExportRequest } from './messages.js'
import type { FilledExportOptions } from './options.js'

/** How long the Python process may take to tidy up after an abort, before it is killed. */
const tidyMs = 2000

/** Runs `python/export_model.py` to its end. @returns the names of the files that it wrote */
export async function runExport(
  interpreter: Interpreter,
  options: FilledExportOptions,
  request: ExportRequest,
): Promise<readonly string[]> {
  const { model, signal, onProgress } = options
  const args = [...flagsOf(options), '--driven']
  await using script = startScript(interpreter.path, 'export_model.py', { args, signal, tidyMs })
  script.send(request)
  let last: ExportMessage | undefined
  const death = await script.forEach(messageForm, (message) => {
    last = message
    if (!('progress' in message)) return
    const { step, done, total } = message.progress
    onProgress?.({ step, ...(done !== undefined && total !== undefined && { done, total }) })
  })
  if (last && 'files' in last) return last.files
  throwIfAborted(signal, `The export of ${model}`)
  if (last && 'error' in last) throw new PaddleError(codeFrom(last.error.code), last.error.message)
  if (last && 'importError' in last) throw importError(interpreter.path, last.importError, interpreter.source)
  throw endedEarly(interpreter, model, death)
}

/** In the form `--flag=value`, so that no value is taken for a flag. */
function flagsOf(options: FilledExportOptions): string[] {
  const { model, saveInferenceDir, imgSize, numClasses, device, format, seed, softmax, pretrained } = options
  const { modelArgs, inputSpec = [] } = options
  const values = {
    model,
    'save-inference-dir': saveInferenceDir,
    'model-args': modelArgs && JSON.stringify(modelArgs),
    'img-size': imgSize,
    'num-classes': numClasses,
    device,
    format,
    seed,
    pretrained: typeof pretrained === 'string' ? pretrained : undefined,
  }
  return [
    ...Object.entries(values).flatMap(([name, value]) => (value === undefined ? [] : [`--${name}=${value}`])),
    ...inputSpec.map((input) => `--input-spec=${formatInputSpec(input)}`),
    ...(pretrained === true ? ['--pretrained'] : []),
    softmax ? '--softmax' : '--no-softmax',
  ]
}

function codeFrom(code: string): ErrorCode {
  return Object.hasOwn(errorCodes, code) ? (code as ErrorCode) : 'EXPORT_FAILED'
}

function endedEarly(interpreter: Interpreter, model: string, death: Death): PaddleError {
  if (death.signal === 'SIGILL') return importError(interpreter.path, death, interpreter.source)
  const remedy =
    death.signal === 'SIGKILL'
      ? 'Where nobody killed it, the machine has too little memory for this network: take a smaller one.'
      : 'See what is wrong with the Python: paddle-ts doctor'
  return new PaddleError(
    'EXPORT_FAILED',
    `The export of ${model} failed: ${interpreter.path} ${describeDeath(death)}`,
    { advice: remedy },
  )
}
