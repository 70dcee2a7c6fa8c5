// Classifies images over HTTP: node http-endpoint.ts [--model DIR] [--host H] [--port N] …, see `defaults`
// curl --data-binary @K.jpg -H 'content-type: image/jpeg' http://127.0.0.1:8080/classify
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { parseArgs } from 'node:util'
import { ImageClassifier, PaddleError, type Prediction } from 'paddle-ts'

const defaults = {
  port: 8080,
  'max-pending': 64,
  'max-body-bytes': 10_000_000,
  'max-pixels': 50_000_000,
  'deadline-ms': 5000,
}
const { model, host, limits } = readArguments()

/** An image that waits for its result. */
interface Job {
  readonly image: Buffer
  readonly resolve: (topK: readonly Prediction[]) => void
  readonly reject: (error: unknown) => void
}
const waiting = new Set<Job>()
const running = new Map<Buffer, Job>()
let wake = (): void => undefined
/** The number of requests with an image that have no response yet. */
let pending = 0
let isClosing = false

/** An endless iterator of the images of all requests, so that concurrent ones form a batch. */
async function* images(): AsyncGenerator<Buffer> {
  for (;;) {
    const [job] = waiting
    if (job) {
      waiting.delete(job)
      running.set(job.image, job)
      yield job.image
    } else if (isClosing) return
    else await new Promise<void>((resolve) => (wake = resolve))
  }
}

async function answerAll(classifier: ImageClassifier): Promise<void> {
  while (!isClosing) {
    try {
      // An image waits at most 2 ms for others; a worker that hangs is replaced.
      const options = { batchSize: 8, maxDelayMs: 2, timeoutMs: 60_000 }
      for await (const { image, topK, error } of classifier.classify(images(), options)) {
        const job = running.get(image)
        running.delete(image)
        if (error) job?.reject(error)
        else job?.resolve(topK)
      }
    } catch (error) {
      // Workers have died repeatedly. Reject the running images; the next request tries again.
      for (const { reject } of running.values()) reject(error)
      running.clear()
    }
  }
}

/**
 * Classifies an image. On abort, drops it if it is still waiting; a running image completes on its worker.
 */
function classify(image: Buffer, signal: AbortSignal): Promise<readonly Prediction[]> {
  return new Promise((resolve, reject) => {
    const job = { image, resolve, reject }
    waiting.add(job)
    signal.addEventListener('abort', () => {
      waiting.delete(job)
      reject(signal.reason as Error)
    })
    wake()
  })
}

/** A rejected request. */
class Refusal extends Error {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  constructor(status: number, message: string, headers: Readonly<Record<string, string>> = {}) {
    super(message)
    this.status = status
    this.headers = headers
  }
}

async function answer(request: IncomingMessage, response: ServerResponse): Promise<object> {
  const isHealth = request.url === '/healthz'
  if (!isHealth && request.url !== '/classify') throw new Refusal(404, 'There are /classify and /healthz.')
  const method = isHealth ? 'GET' : 'POST'
  if (request.method !== method) throw new Refusal(405, `Expected ${method}.`, { allow: method })
  if (isHealth) return { status: 'ok', pending, waiting: waiting.size }
  if (!request.headers['content-type']?.startsWith('image/')) throw new Refusal(415, 'Expected image/*.')
  if (pending >= limits['max-pending'])
    throw new Refusal(503, 'Too many requests are pending.', { 'retry-after': '1' })
  pending += 1
  try {
    const image = await bodyOf(request)
    const ending = new AbortController()
    const late = new Refusal(504, `No answer within ${limits['deadline-ms']} ms.`)
    const deadline = setTimeout(() => {
      ending.abort(late)
    }, limits['deadline-ms'])
    // Emitted after the response, and when the client disconnects.
    response.once('close', () => {
      clearTimeout(deadline)
      ending.abort()
    })
    return { topK: await classify(image, ending.signal) }
  } finally {
    pending -= 1
  }
}

/** Reads the body of a request, and discards it once it is too large. */
async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const tooLarge = new Refusal(413, `Expected at most ${limits['max-body-bytes']} bytes.`)
  if (Number(request.headers['content-length'] ?? 0) > limits['max-body-bytes']) throw tooLarge
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length
    if (length <= limits['max-body-bytes']) chunks.push(chunk)
  }
  if (length > limits['max-body-bytes']) throw tooLarge
  return Buffer.concat(chunks)
}

function send(response: ServerResponse, status: number, body: object, headers = {}): void {
  // An open connection would delay the shutdown.
  const connection = server.listening ? {} : { connection: 'close' }
  response.writeHead(status, { 'content-type': 'application/json', ...connection, ...headers })
  response.end(`${JSON.stringify(body)}\n`)
}

function refuse(response: ServerResponse, error: unknown): void {
  if (response.destroyed) return
  if (error instanceof Refusal) {
    send(response, error.status, { error: error.message }, error.headers)
  } else if (error instanceof PaddleError && error.code.startsWith('IMAGE_')) {
    send(response, 422, { error: error.message, code: error.code })
  } else {
    console.error(error)
    send(response, 500, { error: 'The image could not be classified.' })
  }
}

const server = createServer((request, response) => {
  answer(request, response).then(
    (body) => {
      send(response, 200, body)
    },
    (error: unknown) => {
      refuse(response, error)
    },
  )
})
// Slower uploads end with status 408.
server.requestTimeout = 30_000

await using classifier = await ImageClassifier.load(model, { maxPixels: limits['max-pixels'] })
const answering = answerAll(classifier)
const stop = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    stop.abort()
  })
}
server.listen(limits.port, host)
await once(server, 'listening')
console.error(`Listening at http://${host}:${(server.address() as AddressInfo).port}`)
await once(stop.signal, 'abort')

// Accept no new connections and complete pending requests. The workers end with the last line.
server.close()
setTimeout(() => {
  server.closeAllConnections()
}, server.requestTimeout).unref()
await once(server, 'close')
isClosing = true
wake()
await answering

function readArguments() {
  const text = { type: 'string' } as const
  const names = Object.keys(defaults) as (keyof typeof defaults)[]
  try {
    const numbers = Object.fromEntries(names.map((name) => [name, text])) as Record<
      keyof typeof defaults,
      typeof text
    >
    const { values } = parseArgs({ options: { model: text, host: text, ...numbers } })
    const limits = { ...defaults }
    for (const name of names) {
      limits[name] = Number(values[name] ?? defaults[name])
      // The maximum of a timer in Node, in milliseconds.
      if (!(Number.isInteger(limits[name]) && limits[name] >= 0 && limits[name] < 2 ** 31))
        throw new RangeError(
          `Expected an integer from 0 to 2147483647 for --${name}, got ${values[name] ?? ''}.`,
        )
    }
    return { model: values.model, host: values.host ?? '127.0.0.1', limits }
  } catch (error) {
    console.error(error instanceof Error ? error.message : error)
    console.error(
      `Usage: node http-endpoint.ts [--model DIR] [--host HOST] ${names.map((name) => `[--${name} N]`).join(' ')}`,
    )
    process.exit(2)
  }
}
