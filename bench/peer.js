import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { startChild } from './child.js'
import { Unavailable } from './unavailable.js'

/** A process to measure, which uses the protocol of `peers/serve.js` or `python/lines.py`. */
export class Peer {
  #child
  #closed
  #lines
  #stderr = ''

  constructor(child) {
    this.#child = child
    this.#closed = once(child, 'close').catch(() => {})
    // Errors of writing to a process that has ended.
    child.stdin.on('error', () => {})
    child.stderr.setEncoding('utf8').on('data', (text) => {
      this.#stderr = (this.#stderr + text).slice(-4000)
    })
    this.#lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  }

  /** Starts a process and waits until it is ready. @throws Unavailable when it does not start */
  static async start(program, args, { env = {} } = {}) {
    const peer = new Peer(startChild(program, args, { env: { ...process.env, ...env }, stdio: 'pipe' }))
    try {
      const { failed } = await peer.#next()
      if (failed) throw new Error(failed)
      return peer
    } catch (error) {
      await peer.close()
      throw new Unavailable(error.message)
    }
  }

  /** Sends a request and returns the answer. */
  async ask(request) {
    this.#child.stdin.write(`${JSON.stringify(request)}\n`)
    return (await this.#next()).answer
  }

  async close() {
    this.#child.stdin.end()
    await this.#closed
  }

  async #next() {
    for (;;) {
      const { value, done } = await this.#lines.next()
      if (done) {
        await this.#closed
        const stderr = this.#stderr.trim()
        throw new Error(`${this.#child.spawnargs.join(' ')} ended: ${stderr.split('\n').at(-1)}\n${stderr}`)
      }
      // Libraries may print other lines.
      if (value.startsWith('{')) return JSON.parse(value)
    }
  }
}
