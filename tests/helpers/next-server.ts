import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { createServer, type AddressInfo } from 'node:net'
import { createInterface } from 'node:readline'
import { userEnvironment } from './packed-package.js'
import { inTime } from './until.js'

/**
 * Starts a server of Next.js (without npx, which would not end it), and posts an image to `/api/classify`.
 *
 * @returns the body of the response
 */
export async function postImage(folder: string, args: readonly string[], image: string): Promise<unknown> {
  const port = await freePort()
  const server = spawn(process.execPath, [...args], {
    ...{ cwd: folder, stdio: ['ignore', 'pipe', 'inherit'], env: { ...userEnvironment, PORT: String(port) } },
  })
  const ended = once(server, 'exit')
  try {
    const lines = createInterface({ input: server.stdout })
    const ready = new Promise<void>((resolve) => {
      lines.on('line', (line) => {
        if (line.includes('Ready in')) resolve()
      })
    })
    const isReady = await inTime(
      Promise.race([ready.then(() => true), ended.then(() => false)]),
      'Next.js is ready',
    )
    if (!isReady) throw new Error(`The server in ${folder} ended.`)
    const body = await readFile(image)
    const response = await fetch(`http://localhost:${port}/api/classify`, { method: 'POST', body })
    return await response.json()
  } finally {
    server.kill()
    await ended
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0)
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  return port
}
