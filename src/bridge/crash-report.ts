import { statSync } from 'node:fs'
import { basename } from 'node:path'
import type { PaddleError } from '../errors.js'
import { isRecord } from '../json.js'
import { describeTensors } from '../tensor/index.js'
import type { CreateRequest, Description, WorkerFailure } from './protocol/control.js'
import type { AskRequest, RunRequest } from './protocol/runs.js'
import { redactSecrets, type CurrentUser } from './redact-secrets.js'
import { currentUser, systemFacts, type SystemFacts } from './system-facts.js'
import type { Death } from './worker-process.js'

/** What is known about a process that ended unexpectedly. */
export interface CrashFacts {
  readonly interpreter: string
  readonly paddle?: string | undefined
  readonly python?: string | undefined
  readonly model?: Omit<CreateRequest, 'memory'> | undefined
  /** The sizes of the model's program and parameters in bytes, if known. */
  readonly sizes?: readonly (number | undefined)[]
  readonly description?: Description | undefined
  /** The programs of the other models in the process. */
  readonly beside?: readonly string[]
  /** What the process was doing: `import`, `create`, a run or another request; undefined if it was idle. */
  readonly doing: string | RunRequest | AskRequest | undefined
  /** How the process ended, or the exception that ended its work. */
  readonly end: Death | WorkerFailure
}

/** A text for a bug report: what is needed to reproduce the crash, without personal data. */
export function crashReport(
  facts: CrashFacts,
  system: SystemFacts = systemFacts(),
  user: CurrentUser = currentUser(),
): string {
  const { interpreter, paddle = 'unknown', python = 'unknown', description, beside = [], end } = facts
  const output = 'traceback' in end ? end.traceback.trimEnd() : end.output
  const lines = [
    `paddle-ts ${system.paddleTs}, Node ${system.node}, ${system.system}`,
    `CPU: ${system.cpu}`,
    `Memory: ${system.memory}`,
    `Python ${python}, paddle ${paddle} (${interpreter})`,
    ...modelLines(facts),
    ...(beside.length > 0
      ? [`Other models in the process: ${beside.map((file) => basename(file)).join(', ')}`]
      : []),
    ...(description
      ? [`Inputs: ${describeTensors(description.inputs)}`, `Outputs: ${describeTensors(description.outputs)}`]
      : []),
    `Relevant environment variables: ${system.variables.join(', ') || 'none'}`,
    `It was doing: ${doingOf(facts.doing)}`,
    `It ended: ${endOf(end)}`,
    output === '' ? 'It wrote nothing.' : `Last lines of its output:\n${output}`,
  ]
  return redactSecrets(lines.join('\n'), user)
}

/** Adds a crash report to the error; it is generated on first access. */
export function withReport(error: PaddleError, facts: CrashFacts): PaddleError {
  return error.with({ report: () => crashReport({ ...facts, sizes: sizesOf(facts.model) }) })
}

function sizesOf(model: CrashFacts['model']): readonly (number | undefined)[] {
  return [model?.program, model?.params].map((file) =>
    typeof file === 'string' ? statSync(file, { throwIfNoEntry: false })?.size : undefined,
  )
}

function modelLines({ model, sizes = [], description }: CrashFacts): string[] {
  if (!model) return []
  const { program, params, format, calls, prepare, withoutOneDnn } = model
  const [programBytes, paramsBytes] = sizes.map((size) => (size === undefined ? '' : `, ${size} bytes`))
  const parameters = params === null ? '' : `, parameters ${basename(params)}${paramsBytes ?? ''}`
  const made = calls.map(({ name, args }) => `${name}(${args.map(argument).join(', ')})`)
  if (prepare) made.push(`prepare ${basename(prepare.file)}:${prepare.function}`)
  if (withoutOneDnn) made.push('oneDNN disabled')
  const state = description && Object.entries(description.state).map(([name, value]) => `${name} ${value}`)
  return [
    `Model: ${basename(program)} (${format}${programBytes ?? ''})${parameters}`,
    `Config: ${made.join(', ') || 'nothing'}`,
    ...(state ? [`Effective settings: ${state.join(', ')}`] : []),
  ]
}

/** Formats an argument without folders and without the elements of tensors. */
function argument(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value.includes('/') ? basename(value) : value)
  if (Array.isArray(value)) return `[${value.map(argument).join(', ')}]`
  if (!isRecord(value)) return String(value)
  return '$paddleTensor' in value ? 'a tensor' : JSON.stringify(value)
}

function doingOf(doing: CrashFacts['doing']): string {
  if (doing === undefined) return 'nothing'
  if (typeof doing === 'string') return doing
  if ('ask' in doing) return doing.ask
  const lods = doing.feeds.filter(({ lod }) => lod !== undefined).map(({ name }) => `\`${name}\``)
  const withLod = lods.length === 0 ? '' : `, with a LoD for ${lods.join(', ')}`
  return `run, fed with ${describeTensors(doing.feeds)}${withLod}`
}

function endOf(end: CrashFacts['end']): string {
  if ('traceback' in end) return `${end.type}: ${end.message}`
  const { broken, signal, exitCode, startError } = end
  if (broken !== undefined) return `broke the protocol: ${broken}`
  if (startError !== undefined) return `could not be started: ${startError}`
  return signal ?? `exit code ${String(exitCode)}`
}
