import { z } from 'zod'
import { PaddleError, throwIfAborted } from '../errors.js'
import type { ProgressListener } from '../progress.js'
import { describeDeath, interpreterArguments, startScript } from '../python/index.js'
import { making, type Home } from './home.js'
import { failureForm, installError, type InstallFailure } from './install-errors.js'
import type { Plan } from './install-plan.js'
import type { PythonFacts } from './probe-interpreter.js'

/** The lines that `python/make_environment.py` writes. */
const eventForm = z.discriminatedUnion('event', [
  z.object({
    event: z.literal('step'),
    step: z.string(),
    bytes: z.object({ done: z.number(), total: z.number() }).optional(),
  }),
  z.object({ event: z.literal('ready'), id: z.string(), made: z.boolean() }),
  failureForm,
])

export interface InstallRequest {
  readonly home: Home
  readonly plan: Plan
  /** What the device `auto` chose, if it was requested. */
  readonly choice: string | null
  readonly base: PythonFacts
  /** The environment that was found to be current and is to be replaced. */
  readonly seen: string | undefined
  readonly signal?: AbortSignal | undefined
  readonly onProgress?: ProgressListener | undefined
}

/**
 * Installs the environment, or waits for another process that installs the same one. An exception of
 * `onProgress` stops it.
 */
export async function makeEnvironment({
  home,
  plan,
  choice,
  base,
  seen,
  signal,
  onProgress,
}: InstallRequest): Promise<void> {
  throwIfAborted(signal, making)
  // Removing everything unfinished may take any time.
  const options = { signal, tidyMs: Infinity }
  await using maker = startScript(base.path, 'make_environment.py', options)
  maker.send({ ...orderOf(home, plan, seen), choice })
  const end: { ready?: boolean; failure?: InstallFailure } = {}
  const death = await maker.forEach(eventForm, (event) => {
    if (event.event === 'ready') end.ready = true
    else if (event.event === 'failure') end.failure = event
    else onProgress?.({ step: event.step, ...event.bytes })
  })
  throwIfAborted(signal, making)
  if (end.failure) throw installError(end.failure, { home, plan, base })
  if (!end.ready) {
    throw new PaddleError(
      'ENVIRONMENT_INSTALL_FAILED',
      `Installing the managed Python in ${home.folder} failed: ${base.path} ${describeDeath(death)}`,
      { advice: 'Try again: paddle-ts setup' },
    )
  }
}

/**
 * Stores a choice with the environment `seen`, unless another process has replaced it. Has no effect if the
 * manifest cannot be written: the environment works all the same.
 *
 * @param python - any Python that runs
 */
export async function storeChoice({
  home,
  python,
  signal,
  ...order
}: {
  readonly home: Home
  readonly python: string
  readonly seen: string
  readonly choice: string | null
  readonly signal: AbortSignal | undefined
}): Promise<void> {
  await using maker = startScript(python, 'make_environment.py', { signal })
  maker.send({ home: home.folder, install: false, ...order })
  await maker.death
  throwIfAborted(signal, making)
}

function orderOf(home: Home, plan: Plan, seen: string | undefined) {
  return {
    home: home.folder,
    install: true,
    name: plan.title.replace(/\.whl$/, '').replaceAll(' ', '-'),
    wish: plan.wish,
    key: plan.key,
    requirements: plan.requirements,
    pip_arguments: plan.pipArguments,
    interpreter_arguments: interpreterArguments,
    seen: seen ?? null,
  }
}
