import { readdirSync, readFileSync } from 'node:fs'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { execa } from 'execa'
import sharp from 'sharp'
import ts from 'typescript'
import { makeProject, root, type Project } from '../helpers/project.js'
import { inTime, until } from '../helpers/until.js'

const characters = join(root, 'images/characters')
let project: Project
let server: ReturnType<typeof start>
let url: string
let picture: Buffer
beforeAll(async () => {
  project = await makeProject()
  const source = await readFile(join(root, 'examples/http-endpoint.ts'), 'utf8')
  const compilerOptions = { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ES2022 }
  await writeFile(
    join(project.folder, 'http-endpoint.js'),
    ts.transpileModule(source, { compilerOptions }).outputText,
  )
  picture = await readFile(join(characters, 'K-blurred.jpg'))
  server = start(project.folder)
  url = await listening()
})
afterAll(async () => {
  server.kill('SIGKILL')
  await server
  await project[Symbol.asyncDispose]()
})

function start(cwd: string) {
  const options = { reject: false, stdin: 'ignore', cwd, forceKillAfterDelay: false } as const
  return execa('node', ['http-endpoint.js', '0'], options)
}

/** The address, once the server listens. */
function listening(): Promise<string> {
  let told = ''
  const listens = new Promise<string>((resolve, reject) => {
    server.stderr.on('data', (chunk: Buffer) => {
      told += String(chunk)
      const [, at] = /^Listening at (\S+)\n/m.exec(told) ?? []
      if (at !== undefined) resolve(at)
    })
    void server.then(() => {
      reject(new Error(told))
    })
  })
  return inTime(listens, () => `it listens, after ${told}`)
}

interface Reply {
  readonly topK?: readonly { readonly label: string; readonly score: number }[]
  readonly error?: string
  readonly code?: string
}

const classify = (body: NonNullable<RequestInit['body']>, init: RequestInit = {}): Promise<Response> =>
  fetch(`${url}/classify`, { method: 'POST', headers: { 'content-type': 'image/jpeg' }, body, ...init })

async function replyOf(response: Response): Promise<{ status: number } & Reply> {
  return { status: response.status, ...((await response.json()) as Reply) }
}

/** Waits until /healthz reports so many runs in the workers. */
async function running(count: number): Promise<void> {
  await until(async () => {
    const response = await fetch(`${url}/healthz`)
    return ((await response.json()) as { running: number }).running === count
  })
}

/** Sends a signal to the workers, for example to stop and continue them. */
function signalWorkers(signal: NodeJS.Signals): void {
  const workers = readdirSync('/proc').filter((pid) => {
    try {
      return (
        /^\d+$/.test(pid) &&
        new RegExp(`^PPid:\t${server.pid!}$`, 'm').test(readFileSync(`/proc/${pid}/status`, 'utf8'))
      )
    } catch {
      return false // It has exited.
    }
  })
  expect(workers.length).toBeGreaterThan(0)
  for (const pid of workers) process.kill(Number(pid), signal)
}

const answered = { status: 200, topK: [expect.objectContaining({ label: 'K' })] }

test('many concurrent requests: each gets its own response', async () => {
  const names = await readdir(characters)
  const images = await Promise.all(names.map((name) => readFile(join(characters, name))))
  const bestOf = async (image: Buffer): Promise<string | undefined> => {
    const { status, topK } = await replyOf(await classify(image))
    expect(status).toBe(200)
    return topK?.[0]?.label
  }
  const alone: (string | undefined)[] = []
  for (const image of images) alone.push(await bestOf(image))
  // The accuracy of the model does not matter here.
  expect(names.filter((name, index) => alone[index] === name[0]).length).toBeGreaterThan(names.length / 2)
  const together = await Promise.all([...images, ...images, ...images].map(bestOf))
  expect(together).toEqual([...alone, ...alone, ...alone])
})

test('each limit', async () => {
  const large = await sharp({ create: { width: 10_000, height: 5001, channels: 3, background: 'white' } })
    .png()
    .toBuffer()
  const tooMany = Buffer.alloc(10_000_001)
  const chunked = { duplex: 'half' } as RequestInit
  const responses = await Promise.all([
    fetch(`${url}/none`),
    fetch(`${url}/classify`),
    classify('{}', { headers: { 'content-type': 'application/json' } }),
    classify(tooMany),
    classify(new Blob([tooMany]).stream(), chunked),
    classify('no image'),
    classify(large),
    classify(picture),
  ])
  const replies = await Promise.all(responses.map(replyOf))
  expect(replies).toEqual([
    { status: 404, error: 'There are /classify and /healthz.' },
    { status: 405, error: 'Expected POST.' },
    { status: 415, error: 'Expected image/*.' },
    { status: 413, error: 'Expected at most 10000000 bytes.' },
    { status: 413, error: 'Expected at most 10000000 bytes.' },
    {
      status: 422,
      code: 'IMAGE_UNREADABLE',
      error: expect.stringMatching(/^The image \(8 bytes\) cannot be decoded: /),
    },
    {
      status: 422,
      code: 'IMAGE_TOO_LARGE',
      error: expect.stringMatching(
        /^The image \(\d+ bytes\) has 50010000 pixels \(10000 × 5001\), above the limit of 50000000\.\n/,
      ),
    },
    answered,
  ])
  expect(responses.slice(0, 2).map(({ headers }) => headers.get('allow'))).toEqual([null, 'POST'])
})

test('too many waiting requests, disconnecting clients, and a deadline', async () => {
  signalWorkers('SIGSTOP')
  const leaving = new AbortController()
  const refused: Response[] = []
  const refusal = new Promise<void>((resolve) => {
    const isRefused = (response: Response): void => {
      refused.push(response)
      resolve()
    }
    // More than can wait and run.
    for (let index = 0; index < 100; index += 1) {
      classify(picture, { signal: leaving.signal }).then(isRefused, () => undefined)
    }
  })
  await inTime(refusal, () => 'a request is refused')
  expect(refused[0]?.headers.get('retry-after')).toBe('1')
  expect(await replyOf(refused[0]!)).toEqual({ status: 503, error: 'Too many requests are waiting.' })

  // Those that disconnect make room. Only what a worker has begun is left.
  leaving.abort()
  expect(await replyOf(await classify(picture))).toEqual({ status: 504, error: 'No answer within 5000 ms.' })
  signalWorkers('SIGCONT')
  expect(await replyOf(await classify(picture))).toEqual(answered)
  await running(0)
})

test('SIGTERM: completes pending requests, accepts no more, and leaves nothing behind', async () => {
  signalWorkers('SIGSTOP')
  const last = classify(picture)
  await running(1)
  server.kill('SIGTERM')
  await until(() =>
    fetch(`${url}/healthz`).then(
      () => false,
      () => true,
    ),
  )
  signalWorkers('SIGCONT')
  const response = await last
  expect(response.headers.get('connection')).toBe('close')
  expect(await replyOf(response)).toEqual(answered)
  expect(await server).toMatchObject({ exitCode: 0, stdout: '', stderr: `Listening at ${url}` })
})
