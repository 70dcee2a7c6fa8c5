// Classifies images over HTTP: node http-endpoint.ts [PORT [MODEL_DIR]] (Node 20 and 22: npx tsx http-endpoint.ts)
// curl --data-binary @K.jpg -H 'content-type: image/jpeg' http://127.0.0.1:8080/classify
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { ImageClassifier, PaddleError } from 'paddle-ts'

const [port = '8080', model, ...others] = process.argv.slice(2)
if (!/^\d+$/.test(port) || Number(port) > 65535 || others.length > 0) {
  console.error('Usage: node http-endpoint.ts [PORT [MODEL_DIR]]')
  process.exit(2)
}
// A mistake such as a missing file is one line; only a bug has a stack.
process.on('uncaughtException', (error) => {
  console.error('code' in error ? error.message : error)
  process.exit(1)
})
const limits = { bodies: 200, waiting: 64, bodyBytes: 10_000_000, pixels: 50_000_000, deadlineMs: 5000 }
/** The number of requests whose image is in memory. */
let bodies = 0
let isReady = false

type Reply = readonly [status: number, body: object, headers?: Readonly<Record<string, string>>]

const loading: Reply = [503, { error: 'The model is loading.' }, { 'retry-after': '1' }]
const tooMany: Reply = [503, { error: 'Too many requests are waiting.' }, { 'retry-after': '1' }]

async function answer(request: IncomingMessage, response: ServerResponse): Promise<Reply> {
  if (!isReady) return loading
  if (request.url === '/healthz') {
    return [200, { status: 'ok', waiting: classifier.waiting, ...classifier.pool.stats() }]
  }
  if (request.url !== '/classify') return [404, { error: 'There are /classify and /healthz.' }]
  if (request.method !== 'POST') return [405, { error: 'Expected POST.' }, { allow: 'POST' }]
  if (!request.headers['content-type']?.startsWith('image/')) return [415, { error: 'Expected image/*.' }]
  if (bodies >= limits.bodies) return tooMany
  bodies += 1
  const disconnected = new AbortController()
  response.once('close', () => {
    bodies -= 1
    disconnected.abort()
  })
  const image = await bodyOf(request)
  if (!image) return [413, { error: `Expected at most ${limits.bodyBytes} bytes.` }]
  const signal = AbortSignal.any([disconnected.signal, AbortSignal.timeout(limits.deadlineMs)])
  try {
    // Requests that come together share a batch; a worker that hangs is replaced.
    const { topK } = await classifier.classifyOne(image, { signal, timeoutMs: 60_000 })
    return [200, { topK }]
  } catch (error) {
    const { code = '', message = '' } = error instanceof PaddleError ? error : {}
    if (code === 'QUEUE_FULL') return tooMany
    if (code === 'ABORTED') return [504, { error: `No answer within ${limits.deadlineMs} ms.` }]
    if (code.startsWith('IMAGE_')) return [422, { error: message, code }]
    throw error
  }
}

/** Reads the body of a request; discards it and returns undefined once it is too large. */
async function bodyOf(request: IncomingMessage): Promise<Buffer | undefined> {
  if (Number(request.headers['content-length'] ?? 0) > limits.bodyBytes) return undefined
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length
    if (length <= limits.bodyBytes) chunks.push(chunk)
  }
  return length <= limits.bodyBytes ? Buffer.concat(chunks) : undefined
}

const server = createServer((request, response) => {
  const failed = (error: unknown): Reply => {
    if (!response.destroyed) console.error(error)
    return [500, { error: 'The image could not be classified.' }]
  }
  void answer(request, response)
    .catch(failed)
    .then(([status, body, headers]) => {
      // An open connection would delay the shutdown.
      const connection = server.listening ? {} : { connection: 'close' }
      response.writeHead(status, { 'content-type': 'application/json', ...connection, ...headers })
      response.end(`${JSON.stringify(body)}\n`)
    })
})
// Slower uploads end with status 408.
server.requestTimeout = 30_000

// A port in use is reported before the model is loaded.
server.listen(Number(port), '127.0.0.1')
await once(server, 'listening')
await using classifier = await ImageClassifier.load(model, {
  maxPixels: limits.pixels,
  maxQueue: limits.waiting,
})
isReady = true
const stop = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    stop.abort()
  })
}
console.error(`Listening at http://127.0.0.1:${(server.address() as AddressInfo).port}`)
await once(stop.signal, 'abort')

// Accept no new connections and complete pending requests. The workers end with the last line.
server.close()
setTimeout(() => {
  server.closeAllConnections()
}, server.requestTimeout).unref()
await once(server, 'close')
