import { createInterface } from 'node:readline'

/** What `start` gives; when it fails, the driver is told its code and message, and this process ends. */
export async function orFail(start) {
  try {
    return await start()
  } catch (error) {
    tell({ failed: `${error.code ? `${error.code}: ` : ''}${error.message}` })
    process.exit(1)
  }
}

/**
 * Makes this process one that is measured: says what it is when it is ready, then answers each line `{ do, …arguments }` with one line.
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
