import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders, type RequestListener } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'

/** A server on loopback whose answers are as wrong as a test wants them. */
export interface HostileServer extends AsyncDisposable {
  readonly port: number
  /** The URL of a path on 127.0.0.1. */
  readonly at: (path?: string) => URL
  /** The headers of each request, in order. */
  readonly requests: readonly IncomingHttpHeaders[]
  /** How many connections are open. */
  readonly open: () => number
}

export async function hostileServer(answer: RequestListener, host = '127.0.0.1'): Promise<HostileServer> {
  const requests: IncomingHttpHeaders[] = []
  const sockets = new Set<Socket>()
  const server = createServer((request, response) => {
    requests.push(request.headers)
    answer(request, response)
  })
  server.on('connection', (socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    socket.on('error', () => undefined)
  })
  server.listen(0, host)
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    port,
    requests,
    at: (path = '/image.png') => new URL(path, `http://127.0.0.1:${port}`),
    open: () => sockets.size,
    [Symbol.asyncDispose]: async () => {
      server.close()
      server.closeAllConnections()
      await once(server, 'close')
    },
  }
}
