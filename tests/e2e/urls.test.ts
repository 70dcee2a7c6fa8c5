import '../helpers/nothing-left.js'
import { createReadStream } from 'node:fs'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import type { RequestListener } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { execa } from 'execa'
import { isAnnotated } from '../../src/image/annotate/index.js'
import { paddleTs } from '../helpers/command-line.js'
import { hostileServer, type HostileServer } from '../helpers/hostile-server.js'
import { root } from '../helpers/project.js'
import { inTime, until } from '../helpers/until.js'

/** Serves images/characters; some paths answer otherwise. */
const serve: RequestListener = (request, response) => {
  const { pathname } = new URL(request.url!, 'http://server')
  if (pathname === '/stalls') response.writeHead(200).write('\x89PNG')
  else if (pathname === '/inside') response.writeHead(302, { location: 'http://127.0.0.2/secret' }).end()
  else if (pathname === '/page') response.end('<html>')
  else {
    createReadStream(join(root, 'images/characters', pathname.split('/').at(-1)!))
      .on('error', () => response.writeHead(404).end())
      .pipe(response)
  }
}

let server: HostileServer
let folder: string
beforeAll(async () => {
  server = await hostileServer(serve)
  folder = await mkdtemp(join(tmpdir(), 'urls-'))
})
afterAll(async () => {
  await server[Symbol.asyncDispose]()
  await rm(folder, { recursive: true })
})

const allowed = ['--allow-urls', '--allow-hosts', '127.0.0.1']

interface Line {
  readonly image: string
  readonly topK?: readonly { readonly label: string }[]
  readonly error?: { readonly code: string; readonly message: string }
}

/** The image and the label or the error of each line. */
function answersOf(stdout: string): string[] {
  return stdout.split('\n').map((text) => {
    const { image, topK, error } = JSON.parse(text) as Line
    return `${image} ${topK?.[0]?.label ?? `${error!.code}: ${error!.message.split('\n')[0]!}`}`
  })
}

test('URLs are images where it is asked for, and each failure costs its own image', async () => {
  const [x, k, none] = ['/X-16-bit.png?size=1&a[]=*', '/sub/K-blurred.jpg', '/none.png'].map(
    (path) => server.at(path).href,
  )
  const [inside, page] = ['/inside', '/page'].map((path) => server.at(path).href)
  const file = 'images/characters/5-shadow.jpg'
  const { stdout, stderr, exitCode } = await paddleTs(
    ['infer', '--json', ...allowed, '--save-dir', join(folder, 'drawn'), x!, none!, file, inside!, page!, k!],
    { cwd: root },
  )
  expect(answersOf(stdout)).toEqual([
    `${x!} X`,
    `${none!} DOWNLOAD_FAILED: ${none!} answers 404 Not Found.`,
    `${file} 5`,
    `${inside!} DOWNLOAD_REFUSED: http://127.0.0.2/secret is not downloaded: the address 127.0.0.2 is not public (loopback).`,
    `${page!} IMAGE_UNREADABLE: ${page!} cannot be decoded: it is a web page, which is not supported.`,
    `${k!} K`,
  ])
  expect(stderr).toContain('3 of 6 images failed.')
  expect(exitCode).toBe(1)
  const drawn = (await readdir(join(folder, 'drawn'))).sort()
  expect(drawn).toEqual(['5-shadow.jpg', 'K-blurred.jpg', 'X-16-bit.png'])
  for (const name of drawn) expect(await isAnnotated(join(folder, 'drawn', name))).toBe(true)
})

test('each is downloaded once, also to be drawn, and through no proxy', async () => {
  const before = server.requests.length
  const urls = ['/X-16-bit.png', '/K-blurred.jpg', '/X-16-bit.png', '/page'].map(
    (path) => server.at(path).href,
  )
  const saveDir = join(folder, 'drawn-once')
  const { stdout } = await paddleTs(['infer', '--json', ...allowed, '--save-dir', saveDir, ...urls], {
    cwd: root,
    env: { HTTP_PROXY: 'http://127.0.0.1:1', http_proxy: 'http://127.0.0.1:1', NODE_USE_ENV_PROXY: '1' },
  })
  expect(answersOf(stdout).map((line) => line.split(' ')[1]!)).toEqual(['X', 'K', 'X', 'IMAGE_UNREADABLE:'])
  expect(server.requests.length - before).toBe(urls.length)
  const drawn = (await readdir(saveDir)).sort()
  expect(drawn).toEqual(['K-blurred.jpg', 'X-16-bit.png'])
  for (const name of drawn) expect(await isAnnotated(join(saveDir, name))).toBe(true)
})

test('data: URLs are images, which messages show cut', async () => {
  const urlOf = async (name: string): Promise<string> =>
    `data:image/png;base64,${(await readFile(join(root, 'images/characters', name))).toString('base64')}`
  const [x, k] = [await urlOf('X-16-bit.png'), await urlOf('K-blurred.jpg')]
  const broken = `data:image/png;base64,${'*'.repeat(500)}`
  const cut = (url: string): string => `${url.slice(0, 64)}…`
  const saveDir = join(folder, 'drawn-data')
  const args = [x, k, broken, '--topk', '1', '--save-dir', saveDir]
  const { stdout, stderr, exitCode } = await paddleTs(['infer', ...args], { cwd: root })
  expect(stdout.split('\n').map((line) => line.replace(/prob: [\d.]+/, 'prob: 1'))).toEqual([
    `image_name: ${cut(x)}, class_id: 33, prob: 1, label: X`,
    `image_name: ${cut(k)}, class_id: 20, prob: 1, label: K`,
  ])
  expect(stderr).toContain(`${cut(broken)} cannot be read: it is not a valid data: URL.\n`)
  expect(stderr).not.toContain('*'.repeat(65))
  expect(exitCode).toBe(1)
  expect((await readdir(saveDir)).sort()).toEqual(['image.png', 'image_2.png'])
  // JSON has what was given, by which a program and a resumed run know an image.
  const output = join(folder, 'data.jsonl')
  for (const urls of [[x], [x, k]]) {
    const done = await paddleTs(['infer', ...urls, '-o', output, '--resume'], { cwd: root })
    expect(done.exitCode).toBe(0)
  }
  expect(answersOf((await readFile(output, 'utf8')).trimEnd())).toEqual([`${x} X`, `${k} K`])
})

test('URLs are not fetched unless it is asked for', async () => {
  const before = server.requests.length
  const url = server.at('/X-16-bit.png').href
  const { stdout, exitCode } = await paddleTs(['infer', '--json', url], { cwd: root })
  expect(stdout).toBe(
    JSON.stringify({
      image: url,
      error: {
        code: 'DOWNLOAD_REFUSED',
        message: `${url} is a URL, and URLs are not downloaded by default.\nDownload it and pass the path of the file, or let \`paddle-ts infer\` do so with --allow-urls.`,
      },
    }),
  )
  expect([exitCode, server.requests.length]).toEqual([1, before])
  const unlisted = await paddleTs(['infer', '--json', '--allow-urls', url], { cwd: root })
  expect(unlisted.stdout).toContain('or allow the address with --allow-hosts if you trust the URL.')
  expect(server.requests).toHaveLength(before)
})

test('standard input may list them, and a resumed run downloads only the others', async () => {
  const names = (await readdir(join(root, 'images/characters'))).sort()
  const urls = names.map((name) => server.at(`/${name}`).href)
  const output = join(folder, 'results.jsonl')
  const run = (input: readonly string[]) =>
    execa(
      process.execPath,
      ['bin/paddle-ts.js', 'infer', ...allowed, '--output', output, '--resume', '-i', '-'],
      { input: `${input.join('\n')}\n`, cwd: root, reject: false },
    )
  expect(await run(urls.slice(0, 5))).toMatchObject({ exitCode: 0 })
  const before = server.requests.length
  expect(await run(urls)).toMatchObject({ exitCode: 0 })
  expect(server.requests.length - before).toBe(urls.length - 5)
  const lines = answersOf((await readFile(output, 'utf8')).trimEnd())
  expect(lines).toEqual(urls.map((url, index) => `${url} ${names[index]!.charAt(0)}`))
})

test.each([[[]], [['--save-dir', 'drawn-later']]])(
  'a run that waits for a host ends by Ctrl-C: %j',
  async (flags) => {
    const before = server.requests.length
    const images = [server.at('/stalls').href, join(root, 'images/demo.jpg')]
    const waiting = paddleTs(['infer', '--json', ...allowed, ...flags, ...images], { cwd: folder })
    await until(() => server.requests.length > before)
    waiting.kill('SIGINT')
    expect(await inTime(waiting, 'it ends')).toMatchObject({ exitCode: 130 })
  },
)

test('a file of defaults may allow them, and URLs in it are no paths', async () => {
  const url = server.at('/X-16-bit.png').href
  const config = join(folder, 'paddle-ts.config.json')
  await writeFile(
    config,
    JSON.stringify({ 'allow-urls': true, 'allow-hosts': ['127.0.0.1'], 'img-path': [url] }),
  )
  expect(answersOf((await paddleTs(['infer', '--json'], { cwd: folder })).stdout)).toEqual([`${url} X`])
})

test.each([
  [['--allow-hosts', '127.0.0.1'], '--allow-hosts requires --allow-urls.'],
  [
    ['--allow-urls', '--allow-hosts', 'http://a'],
    'Expected an address, a range such as `10.0.0.0/8`, or the name of a host without a port for --allow-hosts, got http://a.',
  ],
])('%j is an error before anything starts', async (flags, message) => {
  const { stderr, exitCode } = await paddleTs(['infer', ...flags, 'images/demo.jpg'], { cwd: root })
  expect(stderr.split('\n')[0]).toBe(message)
  expect(exitCode).toBe(2)
})
