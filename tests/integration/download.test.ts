import { lookup, type LookupAddress } from 'node:dns'
import { once } from 'node:events'
import type { RequestListener, ServerResponse } from 'node:http'
import { createServer } from 'node:net'
import { describe, expect, test } from '@jest/globals'
import { readAllowedHosts, refusalOf } from '../../src/download/allowed-hosts.js'
import { checkedLookup } from '../../src/download/connections.js'
import { download } from '../../src/download/index.js'
import type { DownloadLimits } from '../../src/download/limits.js'
import { hostileServer } from '../helpers/hostile-server.js'
import { inTime, until } from '../helpers/until.js'

const contents = Buffer.from(Array.from({ length: 5000 }, (_, index) => index % 251))
const loopback = { hosts: ['127.0.0.1'] }

async function bytesOf(url: URL, limits: DownloadLimits = loopback, signal?: AbortSignal): Promise<Buffer> {
  const chunks: Uint8Array[] = []
  for await (const chunk of download(url, limits, signal)) chunks.push(Uint8Array.from(chunk))
  return Buffer.concat(chunks)
}

/** The code and the message of the failure. */
async function failureOf(url: URL, limits: DownloadLimits = loopback): Promise<string> {
  const failure = await inTime(
    bytesOf(url, limits).then(
      (bytes) => ({ code: 'none', message: `${bytes.length} bytes` }),
      (error: unknown) => error as { code: string; message: string },
    ),
    `the download of ${url.href} fails`,
  )
  return `${failure.code}: ${failure.message}`
}

/** Fails where a server answers. */
async function failureWith(answer: RequestListener, limits?: DownloadLimits): Promise<string> {
  await using server = await hostileServer(answer)
  return (await failureOf(server.at(), limits)).replaceAll(`:${server.port}`, '')
}

const ok: RequestListener = (_, response) => response.end(contents)

test('yields the contents as they are, and tells nothing about the user', async () => {
  await using server = await hostileServer(ok)
  expect(await bytesOf(server.at('/a.png?token=1#part'))).toEqual(contents)
  expect(server.requests).toEqual([
    {
      ...{ accept: '*/*', 'accept-encoding': 'identity', connection: 'keep-alive' },
      ...{ host: `127.0.0.1:${server.port}`, 'user-agent': 'paddle-ts' },
    },
  ])
})

test('reuses a connection to the same host', async () => {
  await using server = await hostileServer(ok)
  for (let count = 0; count < 5; count++) await bytesOf(server.at())
  expect(server.requests).toHaveLength(5)
  // One may not be free yet when the next request comes.
  expect(server.open()).toBeLessThan(3)
})

describe('addresses', () => {
  test.each([
    ...['127.0.0.1', '127.8.8.8', '10.1.2.3', '172.16.0.1', '192.168.1.1', '169.254.169.254', '0.0.0.0'],
    ...['100.64.0.1', '224.0.0.1', '255.255.255.255', '198.18.0.1', '192.0.2.1', '240.0.0.1'],
    ...['::', '::1', 'fe80::1', 'fc00::1', 'fd12::1', 'ff02::1', '::ffff:127.0.0.1', '::127.0.0.1'],
    ...['64:ff9b::7f00:1', '64:ff9b::a00:1', '2002:7f00:1::', '2001::1', '2001:db8::1', '4000::1'],
  ])('%s is not public', (address) => {
    expect(refusalOf(address, readAllowedHosts([]))).toEqual(expect.any(String))
  })

  test.each(['8.8.8.8', '1.1.1.1', '2606:4700::1111', '::ffff:8.8.8.8', '64:ff9b::808:808'])(
    '%s is public',
    (address) => {
      expect(refusalOf(address, readAllowedHosts([]))).toBeUndefined()
    },
  )

  test('of a range that is listed are allowed, others are not', () => {
    const hosts = readAllowedHosts(['10.0.0.0/8', '192.168.1.7', 'fd00::/8', '::1'])
    const refused = (address: string): boolean => refusalOf(address, hosts) !== undefined
    const allowed = ['10.255.0.1', '::ffff:10.0.0.1', '192.168.1.7', 'fd00::1', '::1']
    expect(allowed.map(refused)).toEqual(allowed.map(() => false))
    const others = ['11.0.0.1', '192.168.1.8', '127.0.0.1', 'fe80::1']
    expect(others.map(refused)).toEqual([false, true, true, true])
  })

  test.each(['http://a', 'a:80', '10.0.0.0/33', '10.0.0.0/', '::/129', '', 'a b', '../x', '*'])(
    '`%s` is no host',
    (host) => {
      expect(() => download(new URL('http://a/'), { hosts: ['::1', host] })).toThrow(
        /^Expected (an address, a range such as `10\.0\.0\.0\/8`, or the name of a host without a port|a string that is not empty) for `hosts\[1\]`, got /,
      )
    },
  )

  test.each(['127.0.0.1', 'localhost', '0x7f.1', '2130706433', '[::ffff:127.0.0.1]', '[::1]', '0'])(
    'a URL of %s is refused without a connection',
    async (host) => {
      await using server = await hostileServer(ok, '::')
      expect(await failureOf(new URL(`http://${host}:${server.port}/a.png?key=secret`), {})).toMatch(
        /^DOWNLOAD_REFUSED: http:\S+\/a\.png\?… is not downloaded: the address \S+( of localhost)? is not public \((loopback|unspecified)\)\.\nDownload it yourself, or allow the address with `allowUrls: \{ hosts: \[\.\.\.\] \}` if you trust the URL\.$/,
      )
      expect([server.requests.length, server.open()]).toEqual([0, 0])
    },
  )

  test('a name that is listed is allowed', async () => {
    await using server = await hostileServer(ok)
    const url = new URL(`http://localhost:${server.port}/`)
    expect(await bytesOf(url, { hosts: ['LOCALHOST.'] })).toEqual(contents)
  })

  test('a redirect to one that is not listed is refused without a connection', async () => {
    await using inner = await hostileServer(ok, '127.0.0.2')
    const target = `http://127.0.0.2:${inner.port}/secret`
    const failure = await failureWith((_, response) => response.writeHead(302, { location: target }).end())
    expect(failure).toMatch(
      /^DOWNLOAD_REFUSED: http:\/\/127\.0\.0\.2:\d+\/secret is not downloaded: the address /,
    )
    expect(inner.requests).toEqual([])
  })

  /** A name whose addresses are others each time it is looked up: there is no such server here. */
  function lookUpWith(...answers: readonly (readonly string[])[]) {
    let count = 0
    const fake = (
      _name: string,
      _options: unknown,
      callback: (error: null, found: readonly LookupAddress[]) => void,
    ): void => {
      const found = answers[Math.min(count++, answers.length - 1)]!
      callback(
        null,
        found.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
      )
    }
    const check = checkedLookup(readAllowedHosts([]), fake as unknown as typeof lookup)
    return (): Promise<unknown> =>
      new Promise((resolve) => {
        check('rebound.test', { all: true }, (error, found) => {
          resolve(error ? error.message.split('\n')[0] : found)
        })
      })
  }

  test('are those at the time of the connection (made answers of the name service)', async () => {
    const rebound = lookUpWith(['8.8.8.8'], ['127.0.0.1'])
    expect(await rebound()).toEqual([{ address: '8.8.8.8', family: 4 }])
    expect(await rebound()).toBe('The address 127.0.0.1 of rebound.test is not public (loopback).')
  })

  test('are all public, or none is used (made answers of the name service)', async () => {
    const mixed = lookUpWith(['8.8.8.8', '::ffff:10.0.0.1'])
    expect(await mixed()).toBe('The address ::ffff:10.0.0.1 of rebound.test is not public (private).')
  })
})

describe('redirects', () => {
  test('are followed, relative ones too, up to the limit', async () => {
    await using server = await hostileServer((request, response) => {
      const left = Number(request.url!.slice(1))
      if (left === 0) response.end(contents)
      else response.writeHead([301, 302, 303, 307, 308][left - 1] ?? 302, { location: `${left - 1}` }).end()
    })
    expect(await bytesOf(server.at('/5'))).toEqual(contents)
    expect(await failureOf(server.at('/6'))).toBe(
      `DOWNLOAD_FAILED: ${server.at('/6').href} redirects more than 5 times, last to ${server.at('/0').href}.\nCheck the URL.`,
    )
    expect(await failureOf(server.at('/1'), { ...loopback, maxRedirects: 0 })).toContain('more than 0 times')
  })

  test.each([
    [
      'file:///etc/passwd',
      'DOWNLOAD_REFUSED: file:///etc/passwd is not downloaded: only http: and https: URLs are.',
    ],
    [
      'ftp://127.0.0.1/a',
      'DOWNLOAD_REFUSED: ftp://127.0.0.1/a is not downloaded: only http: and https: URLs are.',
    ],
    ['data:,a', 'DOWNLOAD_REFUSED: data:,a is not downloaded: only http: and https: URLs are.'],
    ['http://me:secret@127.0.0.1/', 'DOWNLOAD_REFUSED: http://127.0.0.1/ is not downloaded: it contains '],
    ['http://', 'DOWNLOAD_FAILED: http://127.0.0.1/image.png redirects (302) without a valid location.'],
  ])('to %s are refused', async (location, expected) => {
    const failure = await failureWith((_, response) => response.writeHead(302, { location }).end())
    expect(failure.slice(0, expected.length)).toBe(expected)
  })
})

describe('answers', () => {
  test.each<[string, RequestListener]>([
    ['answers 404 Not Found', (_, response) => response.writeHead(404).end('nothing')],
    ['answers 204 No Content', (_, response) => response.writeHead(204).end()],
    ['answers with a part of the contents', (_, response) => response.writeHead(206).end(contents)],
    [
      'is compressed (gzip), which was not asked for',
      (_, response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end(contents),
    ],
    ['redirects (301) without a valid location', (_, response) => response.writeHead(301).end()],
    ['is empty (0 bytes)', (_, response) => response.end()],
  ])('%s', async (words, answer) => {
    expect(await failureWith(answer)).toBe(
      `DOWNLOAD_FAILED: http://127.0.0.1/image.png ${words}.\nCheck the URL.`,
    )
  })

  test('larger than the limit end the connection', async () => {
    let isClosed: Promise<unknown> | undefined
    const endless: RequestListener = (_, response) => {
      isClosed = once(response, 'close')
      const more = (): void => {
        while (!response.destroyed && response.write(contents));
      }
      response.on('drain', more)
      more()
    }
    await using server = await hostileServer(endless)
    const limits = { ...loopback, maxBytes: 100_000 }
    expect(await failureOf(server.at(), limits)).toBe(
      `DOWNLOAD_FAILED: ${server.at().href} has more bytes than the limit of 100000.\nDownload it yourself, or raise \`allowUrls: { maxBytes }\`.`,
    )
    await inTime(isClosed!, 'the connection is closed')
  })

  test('whose announced size is above the limit are not read', async () => {
    const failure = await failureWith(ok, { ...loopback, maxBytes: 4999 })
    expect(failure).toMatch(/image\.png has 5000 bytes, above the limit of 4999\.\n/)
  })

  test('that do not come end after `timeoutMs`', async () => {
    let asked: ServerResponse | undefined
    const failure = await failureWith((_, response) => (asked = response), { ...loopback, timeoutMs: 100 })
    expect(failure).toBe(
      'DOWNLOAD_FAILED: http://127.0.0.1/image.png took longer than 100 ms to download.\nDownload it yourself, or raise `allowUrls: { timeoutMs }`.',
    )
    expect(asked).toBeDefined()
  })

  test('that stop half-way end after `timeoutMs`', async () => {
    const stalls: RequestListener = (_, response) => response.writeHead(200).write(contents)
    expect(await failureWith(stalls, { ...loopback, timeoutMs: 200 })).toContain('longer than 200 ms')
  })

  test.each([
    [
      'no HTTP',
      'SSH-2.0-OpenSSH\r\n',
      /cannot be downloaded: Response does not match the HTTP\/1\.1 protocol .*\.\n/,
    ],
    ['endless headers', `HTTP/1.1 200 OK\r\nA: ${'a'.repeat(2 ** 20)}`, /\(UND_ERR_HEADERS_OVERFLOW\)\.\n/],
    ['nothing', '', /cannot be downloaded: the host closed the connection\.\nCheck that this machine can /],
  ])('of a server that sends %s', async (_, answer, message) => {
    const server = createServer((socket) => {
      socket.on('error', () => undefined)
      socket.end(answer)
    })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as { port: number }
    try {
      expect(await failureOf(new URL(`http://127.0.0.1:${port}/`))).toMatch(message)
      const secure = await failureOf(new URL(`https://127.0.0.1:${port}/`))
      expect(secure).toMatch(/^DOWNLOAD_FAILED: .* cannot be downloaded: /)
    } finally {
      server.close()
    }
    expect(await failureOf(new URL(`http://127.0.0.1:${port}/`))).toBe(
      `DOWNLOAD_FAILED: http://127.0.0.1:${port}/ cannot be downloaded: nothing listens on 127.0.0.1:${port}.\nCheck that this machine can reach the host, and try again.`,
    )
  })
})

describe('a transfer that breaks off', () => {
  /** Sends at most 1000 bytes of the contents, and then breaks off. */
  function breaksOff(headers: (request: number) => Readonly<Record<string, string>>): RequestListener {
    let requests = 0
    return (request, response) => {
      const own = headers(requests++)
      const range = /^bytes=(\d+)-$/.exec(request.headers.range ?? '')
      const isSame =
        own['etag'] === request.headers['if-range'] || own['last-modified'] === request.headers['if-range']
      const from = range && isSame ? Number(range[1]) : 0
      const part = contents.subarray(from)
      const rest = { 'content-range': `bytes ${from}-${contents.length - 1}/${contents.length}` }
      response.writeHead(from === 0 ? 200 : 206, {
        ...own,
        'content-length': part.length,
        ...(from > 0 && rest),
      })
      if (part.length <= 1000) response.end(part)
      else response.write(part.subarray(0, 1000), () => response.destroy())
    }
  }

  test.each([{ etag: '"1"' }, { 'last-modified': 'Tue, 01 Dec 2026 00:00:00 GMT' }])(
    'is continued where it ended: %j',
    async (headers) => {
      await using server = await hostileServer(breaksOff(() => headers))
      expect(await bytesOf(server.at())).toEqual(contents)
      expect(server.requests.map(({ range }) => range)).toEqual([
        undefined,
        ...[1000, 2000, 3000, 4000].map((from) => `bytes=${from}-`),
      ])
    },
  )

  test.each<[string, (request: number) => Readonly<Record<string, string>>]>([
    ['cannot be downloaded: the host closed the connection after 1000 of 5000 bytes', () => ({})],
    [
      'cannot be downloaded: the host closed the connection after 1000 of 5000 bytes',
      () => ({ etag: 'W/"1"' }),
    ],
    ['changed while it was downloaded', (request) => ({ etag: `"${request}"` })],
  ])('%s', async (words, headers) => {
    expect(await failureWith(breaksOff(headers))).toContain(`/image.png ${words}.\n`)
  })

  test('again and again without a further byte is given up', async () => {
    let requests = 0
    const failure = await failureWith((_, response) => {
      const from = { 'content-range': 'bytes 1000-4999/5000', 'content-length': 4000 }
      response.writeHead(requests++ === 0 ? 200 : 206, { etag: '"1"', ...(requests > 1 ? from : {}) })
      response.write(requests === 1 ? contents.subarray(0, 1000) : '', () => response.destroy())
    })
    expect(failure).toContain('the host closed the connection after 1000 bytes.\n')
    expect(requests).toBe(2)
  })

  test('is not continued with other bytes than those asked for', async () => {
    let requests = 0
    const failure = await failureWith((_, response) => {
      if (requests++ === 0) {
        response.writeHead(200, { etag: '"1"' }).write(contents.subarray(0, 1000), () => response.destroy())
      } else response.writeHead(206, { 'content-range': 'bytes 0-4999/5000' }).end(contents)
    })
    expect(failure).toContain('does not answer with the bytes from 1000.\n')
  })
})

describe('a download that is not needed any more', () => {
  test('ends its connection when it is aborted', async () => {
    let isClosed: Promise<unknown> | undefined
    const aborted = new AbortController()
    await using server = await hostileServer((_, response) => {
      isClosed = once(response, 'close')
      response.write(contents, () => {
        aborted.abort(new Error('enough'))
      })
    })
    await expect(inTime(bytesOf(server.at(), loopback, aborted.signal), 'it ends')).rejects.toMatchObject({
      code: 'ABORTED',
      message: 'The download was aborted by its signal.',
      cause: new Error('enough'),
    })
    await inTime(isClosed!, 'the connection is closed')
    await expect(bytesOf(server.at(), loopback, AbortSignal.abort())).rejects.toMatchObject({
      code: 'ABORTED',
    })
    expect(server.requests).toHaveLength(1)
  })

  test('ends its connection when its reader leaves', async () => {
    await using server = await hostileServer((_, response) => response.write(contents))
    for await (const chunk of download(server.at(), loopback)) {
      expect(chunk.length).toBeGreaterThan(0)
      break
    }
    await until(() => server.open() === 0)
  })
})

test('options that are wrong', () => {
  expect(() => download(new URL('http://a/'), { maxBytes: 0 })).toThrow(RangeError)
  expect(() => download(new URL('http://a/'), { retries: 1 } as object)).toThrow(/^Unknown option `retries`/)
})
