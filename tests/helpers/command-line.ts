import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { execa, type Options } from 'execa'

const program = fileURLToPath(new URL('../../bin/paddle-ts.js', import.meta.url))

/** Starts `paddle-ts` as a user does, built; a failure is a result, not an exception. */
export function paddleTs(args: readonly string[], options: Options = {}) {
  return execa(process.execPath, [program, ...args], { stdin: 'ignore', reject: false, ...options })
}

export type Command = ReturnType<typeof paddleTs>

/** Waits until the command says this on stderr. */
export async function said(command: Command, text: string): Promise<void> {
  const { stderr } = command
  if (stderr === null) throw new Error('The command’s stderr is not piped.')
  const lines = createInterface({ input: stderr })
  const heard: string[] = []
  lines.on('line', (line) => {
    heard.push(line)
    if (line.includes(text)) lines.close()
  })
  await once(lines, 'close')
  if (!heard.some((line) => line.includes(text))) throw new Error(`It ended with: ${heard.join('\n')}`)
  // readline has paused it; what follows shall not stay in the pipe.
  stderr.resume()
}
