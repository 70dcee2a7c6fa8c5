import { execa } from 'execa'
import { interpreterArguments, interpreterEnvironment } from './interpreter.js'

/**
 * A shell that becomes the interpreter, and leaves a watcher at the end of stdin. Node holds the other end, and lets go of it
 * when it dies, however it does, and when the interpreter has ended: the watcher then kills the group and itself. The interpreter
 * may be a shim that is no Python yet, so it cannot see to that by itself.
 */
const tether = 'exec 3<&0 </dev/null; (read -r _ <&3; kill -KILL 0) >/dev/null 2>&1 & exec "$@" 3<&-'

/** How to run it. */
export interface TetheredOptions {
  readonly signal?: AbortSignal | undefined
  readonly timeoutMs?: number
}

/** Runs an interpreter that neither outlives Node nor leaves processes of its own; a failure is a result, not an exception. */
export async function runTethered(
  path: string,
  args: readonly string[],
  { signal, timeoutMs }: TetheredOptions = {},
) {
  return execa('/bin/sh', ['-c', tether, 'paddle-ts', path, ...interpreterArguments, ...args], {
    env: interpreterEnvironment(),
    extendEnv: false,
    // A group of its own, which the watcher kills.
    detached: true,
    killSignal: 'SIGKILL',
    reject: false,
    ...(signal && { cancelSignal: signal }),
    ...(timeoutMs !== undefined && { timeout: timeoutMs }),
  })
}
