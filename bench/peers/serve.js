import { createInterface } from 'node:readline'

/**
 * Returns the value of `start`. When it fails, sends its code and message to the driver and ends this
 * process.
 */
export async function orFail(start) {
  try {
    return await start()
  } catch (error) {
    tell({ failed: `${error.code ? `${error.code}: ` : ''}${error.message}` })
    process.exit(1)
  }
}

/**
 * Turns this process into a peer: sends `ready`, then answers each line `{ do, …arguments }` with one line.
 *
 * @param {object} ready
 * @param {Record<string, (request: any) => unknown>} does
 */
export async function serve(ready, does) {
  tell({ ready })
  for await (const line of createInterface({ input: process.stdin })) {
    const request = JSON.parse(line)
    tell({ answer: await does[request.do](request) })
  }
}

function tell(message) {
  process.stdout.write(`${JSON.stringify(message)}\n`)
}
