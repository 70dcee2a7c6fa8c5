import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { execa } from 'execa'
import { inTime } from './until.js'

const program = fileURLToPath(new URL('../../bin/paddle-ts.js', import.meta.url))

interface CommandOptions {
  readonly cwd?: string
  readonly env?: Readonly<Record<string, string>>
  readonly detached?: boolean
  readonly cleanup?: boolean
  readonly uid?: number
}

/** Starts the built `paddle-ts` as a user does; a failure is a result, not an exception. */
export function paddleTs(args: readonly string[], options: CommandOptions = {}) {
  const fixed = { stdin: 'ignore', reject: false } as const
  // The remaining options do not change that type, and execa cannot infer it when they are optional.
  return execa(process.execPath, [program, ...args], { ...(options as object), ...fixed })
}

/** A running `paddle-ts`. */
export type Command = ReturnType<typeof paddleTs>

/** Waits until the command prints this text to stderr. */
export async function said(command: Command, text: string): Promise<void> {
  const { stderr } = command
  const lines = createInterface({ input: stderr })
  const heard: string[] = []
  lines.on('line', (line) => {
    heard.push(line)
    if (line.includes(text)) lines.close()
  })
  await inTime(once(lines, 'close'), () => `“${text}” is said after: ${heard.join('\n')}`)
  if (!heard.some((line) => line.includes(text))) throw new Error(`It ended with: ${heard.join('\n')}`)
  // readline paused the stream; later output must not stay in the pipe.
  stderr.resume()
}
