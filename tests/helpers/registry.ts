import { createReadStream } from 'node:fs'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { execa } from 'execa'
import { packInto } from './packed-package.js'
import { root } from './project.js'

/** An npm registry on loopback that also has this package; it redirects everything else to the user's own registry. */
export interface Registry extends AsyncDisposable {
  readonly url: string
}

export async function startRegistry(): Promise<Registry> {
  const folder = await mkdtemp(join(tmpdir(), 'registry-'))
  const { stdout: upstream } = await execa('npm', ['config', 'get', 'registry'], { cwd: root })
  const packed = await packInto(folder)
  const tarball = join(folder, packed.filename)
  const manifest = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as { version: string }
  const { version } = manifest

  const server = createServer(({ url: path = '/' }, response) => {
    if (path === '/paddle-ts') response.end(packument())
    else if (path === '/paddle-ts.tgz') createReadStream(tarball).pipe(response)
    else response.writeHead(302, { location: new URL(`.${path}`, upstream).href }).end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`

  function packument(): string {
    const dist = { tarball: `${url}paddle-ts.tgz`, integrity: packed.integrity, shasum: packed.shasum }
    const versions = { [version]: { ...manifest, scripts: {}, dist } }
    // Yarn 4 does not install what was published today.
    const time = { [version]: '2026-01-01T00:00:00.000Z' }
    return JSON.stringify({ name: 'paddle-ts', 'dist-tags': { latest: version }, versions, time })
  }

  return {
    url,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
      await rm(folder, { recursive: true })
    },
  }
}
