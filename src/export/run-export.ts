import { join } from 'node:path'
import { execa } from 'execa'
import {
  importFailed,
  interpreterArguments,
  interpreterEnvironment,
  readLines,
  type Interpreter,
} from '../environment/index.js'
import { abortedBy, errorCodes, PaddleError, quoted, type ErrorCode } from '../errors.js'
import { pythonFolder } from '../package-files.js'
import { formatInputSpec } from './input-spec.js'
import { parseMessage, type ExportMessage, type ExportRequest } from './messages.js'
import type { FilledExportOptions } from './options.js'

/** How long the Python process may take to tidy up after an abort, before it is killed. */
const graceMs = 2000

/** Runs `python/export_model.py` to its end. @returns the names of the files that it wrote */
export async function runExport(
  interpreter: Interpreter,
  options: FilledExportOptions,
  request: ExportRequest,
): Promise<readonly string[]> {
  const { signal, onProgress } = options
  const child = execa(
    interpreter.path,
    [...interpreterArguments, join(pythonFolder, 'export_model.py'), ...flagsOf(options), '--driven'],
    {
      env: interpreterEnvironment(),
      extendEnv: false,
      reject: false,
      buffer: { stdout: false },
      // Ctrl-C reaches Node alone. The process ends when its stdin does, after it has removed what is half made.
      detached: true,
      cleanup: false,
      forceKillAfterDelay: graceMs,
      ...(signal && { cancelSignal: signal }),
    },
  )
  // A process that is gone already is told by its exit.
  child.stdin.on('error', () => undefined)
  child.stdin.write(`${JSON.stringify(request)}\n`)
  let last: ExportMessage | undefined
  const read = (line: string): void => {
    const message = parseMessage(line)
    if (!message) throw noMessage(line, interpreter, options.model)
    last = message
    if (!('progress' in message)) return
    const { step, done, total } = message.progress
    onProgress?.({ step, ...(done !== undefined && total !== undefined && { done, total }) })
  }
  await readLines(child, read, () => child.kill())
  const ending = await child
  if (last && 'files' in last) return last.files
  signalAborted(signal, options.model)
  if (last && 'error' in last) throw new PaddleError(codeFrom(last.error.code), last.error.message)
  if (last && 'importError' in last)
    throw importFailed(interpreter.path, last.importError, interpreter.source)
  throw endedEarly(interpreter, options.model, ending)
}

/** @throws PaddleError ABORTED if the signal is. */
export function signalAborted(signal: AbortSignal | undefined, model: string): void {
  if (signal?.aborted) throw abortedBy(signal, `The export of ${model}`)
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

/** The Python, or what it loads by itself, has printed something. */
function noMessage(line: string, { path }: Interpreter, model: string): PaddleError {
  return new PaddleError(
    'EXPORT_FAILED',
    `The export of ${model} failed: ${path} wrote ${quoted(line)} to its stdout, which has to be free for progress.\n` +
      'Name a Python that prints nothing by itself: --python PATH',
  )
}

interface Ending {
  readonly signal?: string | undefined
  readonly exitCode?: number | undefined
  readonly stderr: string
  readonly originalMessage?: string | undefined
}

function endedEarly(interpreter: Interpreter, model: string, ending: Ending): PaddleError {
  const { signal, exitCode, stderr, originalMessage } = ending
  const tail = stderr.trimEnd().split('\n').slice(-10).join('\n').trim()
  if (signal === 'SIGILL') return importFailed(interpreter.path, { signal, stderr: tail }, interpreter.source)
  const how = signal
    ? `died with ${signal}`
    : `ended with exit code ${exitCode ?? `unknown (${originalMessage})`}`
  const remedy =
    signal === 'SIGKILL'
      ? 'Where nobody killed it, the machine has too little memory for this network: take a smaller one.'
      : 'See what is wrong with the Python: paddle-ts doctor'
  return new PaddleError(
    'EXPORT_FAILED',
    `The export of ${model} failed: ${interpreter.path} ${how}.${tail && ` Last lines of its stderr:\n${tail}`}\n${remedy}`,
  )
}
