// Classifies all images in a folder and its subfolders into a JSON Lines file, and resumes an interrupted
// run: node batch-folder.ts FOLDER RESULTS.jsonl [--again] [--model DIR] [--workers N] --again retries failed
// images. Progress and failures of workers are logged to standard error.
import { rmSync } from 'node:fs'
import { appendFile, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { ImageClassifier, type Prediction, type TaskEvent } from 'paddle-ts'

interface Line {
  readonly image: string
  readonly topK?: readonly Prediction[]
  readonly error?: { readonly code: string; readonly message: string }
}

const { folder, results, again, model, workers } = readArguments()
// A mistake such as a missing file is one line; only a bug has a stack.
process.on('uncaughtException', (error) => {
  console.error('code' in error ? error.message : error)
  process.exit(1)
})
await lock(`${results}.lock`)
const entries = await readdir(folder, { recursive: true, withFileTypes: true })
const lines = (await linesOf(results)).filter(({ error }) => !(again && error))
// The rename is atomic: the file is never partial.
await writeFile(`${results}.new`, lines.map(asText).join(''))
await rename(`${results}.new`, results)

const images = entries
  .filter((entry) => entry.isFile() && /\.(jpe?g|png|webp|gif|tiff?|avif)$/i.test(entry.name))
  .map(({ parentPath, name }) => join(parentPath, name))
const done = new Set(lines.map(({ image }) => image))
const todo = images.filter((image) => !done.has(image)).sort()
console.error(`${images.length - todo.length} of ${images.length} images are done already.`)

// The first Ctrl-C completes the work in progress; the second one ends the process and loses only that work.
const finish = new AbortController()
process.once('SIGINT', () => {
  finish.abort()
})

const lineEnd = process.stderr.isTTY ? '\r' : '\n'
let answered = 0
let failed = lines.filter(({ error }) => error).length
if (todo.length > 0) {
  await using classifier = await ImageClassifier.load(model, { workers, onEvent: tell })
  const options = {
    batchSize: 8,
    // Replaces a worker that hangs.
    timeoutMs: 60_000,
    finish: finish.signal,
    onProgress: ({ done = 0 }) => void process.stderr.write(`${done} of ${todo.length}${lineEnd}`),
  }
  for await (const { image, topK, error } of classifier.classify(todo, options)) {
    if (error) console.error(error.message)
    if (error) failed += 1
    const line = error ? { image, error: { code: error.code, message: error.message } } : { image, topK }
    await appendFile(results, asText(line))
    answered += 1
  }
}
if (failed > 0) console.error(`${failed} failed: --again tries them again.`)
if (answered < todo.length)
  console.error(`Stopped, with ${todo.length - answered} left: run it again to go on.`)
process.exitCode = failed > 0 || answered < todo.length ? 1 : 0

function asText(line: Line): string {
  return `${JSON.stringify(line)}\n`
}

/** Two runs would write each image twice, and lose results of each other. The lock of a killed run is replaced. */
async function lock(file: string): Promise<void> {
  try {
    await writeFile(file, String(process.pid), { flag: 'wx' })
    process.on('exit', () => {
      rmSync(file, { force: true })
    })
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
    const owner = Number(await readFile(file, 'utf8'))
    // In a container, a killed run had the same number as this one.
    if (owner > 0 && owner !== process.pid && isRunning(owner)) {
      console.error(`Another run writes the results: process ${owner} by ${file}. Wait until it ends,`)
      console.error(`or remove ${file} if that process is another program.`)
      process.exit(1)
    }
    await rm(file, { force: true })
    await lock(file)
  }
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}

/** The results of earlier runs. Drops an incomplete last line, so that its image runs again. */
async function linesOf(file: string): Promise<Line[]> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return ''
    throw error
  })
  return text
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as Line)
}

/** Logs workers that died. They are replaced, and their images are retried. */
function tell(event: TaskEvent): void {
  if (event.type === 'workerExit' && !event.expected)
    console.error(`A worker ended: ${event.error?.message ?? event.signal ?? event.exitCode ?? ''}`)
  if (event.type === 'quarantine') console.error(`Put aside: ${event.error.message}`)
}

function readArguments() {
  const options = {
    again: { type: 'boolean' },
    model: { type: 'string' },
    workers: { type: 'string' },
  } as const
  try {
    const { values, positionals } = parseArgs({ options, allowPositionals: true })
    const [folder, results, ...others] = positionals
    if (folder === undefined || results === undefined || others.length > 0)
      throw new TypeError('Expected a folder and a file for the results.')
    const workers = values.workers === undefined ? undefined : Number(values.workers)
    if (workers !== undefined && !(Number.isInteger(workers) && workers > 0))
      throw new RangeError(`Expected a positive integer for --workers, got ${values.workers ?? ''}.`)
    return { folder, results, again: values.again === true, model: values.model, workers }
  } catch (error) {
    console.error(error instanceof Error ? error.message : error)
    console.error('Usage: node batch-folder.ts FOLDER RESULTS.jsonl [--again] [--model DIR] [--workers N]')
    process.exit(2)
  }
}
