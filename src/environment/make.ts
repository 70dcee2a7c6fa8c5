import { join } from 'node:path'
import { execa } from 'execa'
import { z } from 'zod'
import { PaddleError, quoted } from '../errors.js'
import { throwIfAborted } from './abort.js'
import { parseAs, readLines } from './child-lines.js'
import { pythonFolder } from '../package-files.js'
import type { ProgressListener } from '../progress.js'
import { interpreterArguments, interpreterEnvironment } from './interpreter.js'
import type { Home } from './home.js'
import { makingFailed, type MakingFailure } from './making-failed.js'
import type { Plan } from './plan.js'
import type { PythonFacts } from './python-facts.js'

/** The lines of `python/make_environment.py`. */
const eventForm = z.discriminatedUnion('event', [
  z.object({
    event: z.literal('step'),
    step: z.string(),
    bytes: z.object({ done: z.number(), total: z.number() }).optional(),
  }),
  z.object({ event: z.literal('ready'), id: z.string(), made: z.boolean() }),
  z.object({
    event: z.literal('failure'),
    kind: z.enum(['ensurepip', 'pip', 'import', 'no_space', 'unwritable', 'system']),
    reason: z.string().optional(),
    output: z.string().optional(),
    path: z.string().optional(),
    python: z.string().optional(),
    type: z.string().optional(),
    message: z.string().optional(),
    signal: z.string().optional(),
    exit_code: z.number().optional(),
    stderr: z.string().optional(),
  }),
])

export interface Making {
  readonly home: Home
  readonly plan: Plan
  readonly base: PythonFacts
  /** The environment that was found current, and is to be replaced. */
  readonly seen: string | undefined
  readonly signal?: AbortSignal | undefined
  readonly onProgress?: ProgressListener | undefined
}

/** Has the environment made, or waits for another process that makes the same one. What `onProgress` throws ends it. */
export async function makeEnvironment(making: Making): Promise<void> {
  const { home, plan, base, seen, signal, onProgress } = making
  throwIfAborted(signal)
  const maker = execa(base.path, [...interpreterArguments, join(pythonFolder, 'make_environment.py')], {
    env: interpreterEnvironment(),
    extendEnv: false,
    reject: false,
    // Ctrl-C reaches Node alone: the maker ends when its stdin does, after it has removed what is half made.
    detached: true,
    cleanup: false,
  })
  const giveUp = () => maker.stdin.end()
  signal?.addEventListener('abort', giveUp)
  // A maker that is gone already is told by its exit.
  maker.stdin.on('error', () => undefined)
  maker.stdin.write(`${JSON.stringify(orderOf(home, plan, seen))}\n`)
  const end: { ready?: boolean; failure?: MakingFailure } = {}
  const read = (line: string): void => {
    const event = parseAs(eventForm, line)
    if (!event) throw noEvent(line, making)
    if (event.event === 'ready') end.ready = true
    else if (event.event === 'failure') end.failure = event
    else onProgress?.({ step: event.step, ...event.bytes })
  }
  try {
    await readLines(maker, read, giveUp)
  } finally {
    signal?.removeEventListener('abort', giveUp)
  }
  const { stderr, exitCode, signal: killedBy } = await maker
  throwIfAborted(signal)
  if (end.failure) throw makingFailed(end.failure, { home, plan, base })
  if (!end.ready) {
    const how =
      killedBy === undefined ? `ended with exit code ${exitCode ?? 'unknown'}` : `died with ${killedBy}`
    throw new PaddleError(
      'ENVIRONMENT_INSTALL_FAILED',
      `Making the managed Python in ${home.folder} failed: ${base.path} ${how}.\n${stderr}\nTry again: paddle-ts setup`,
    )
  }
}

/** The base Python, or what it loads by itself, has printed something. */
function noEvent(line: string, { home, base }: Making): PaddleError {
  return new PaddleError(
    'ENVIRONMENT_INSTALL_FAILED',
    `Making the managed Python in ${home.folder} failed: ${base.path} wrote ${quoted(line)} to its stdout, which has to be free for progress.\n` +
      'Name a Python that prints nothing by itself: paddle-ts setup --python PATH',
  )
}

function orderOf(home: Home, plan: Plan, seen: string | undefined) {
  return {
    home: home.folder,
    name: plan.title.replace(/\.whl$/, '').replaceAll(' ', '-'),
    wish: plan.wish,
    key: plan.key,
    requirements: plan.requirements,
    pip_arguments: plan.pipArguments,
    interpreter_arguments: interpreterArguments,
    seen: seen ?? null,
  }
}
