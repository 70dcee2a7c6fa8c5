import { once } from 'node:events'
import { performance } from 'node:perf_hooks'
import { startChild } from './child.js'

/**
 * Runs a program to its end, or with `untilFirstLine` to its first line on stdout and then interrupts it.
 *
 * @returns its stdout, and its duration in ms
 */
export async function finished(program, args, { untilFirstLine = false } = {}) {
  const start = performance.now()
  const child = startChild(program, args, { stdio: ['ignore', 'pipe', 'pipe'] })
  let [stdout, stderr] = ['', '']
  let ms
  child.stderr.setEncoding('utf8').on('data', (text) => (stderr += text))
  child.stdout.setEncoding('utf8').on('data', (text) => {
    stdout += text
    if (untilFirstLine && ms === undefined && stdout.includes('\n')) {
      ms = performance.now() - start
      child.kill('SIGINT')
    }
  })
  const [code] = await once(child, 'close')
  ms ??= performance.now() - start
  if (code !== 0 && !(untilFirstLine && stdout.includes('\n'))) {
    throw new Error(`${program} ${args.join(' ')} ended with ${code}.\n${stderr}`)
  }
  return { stdout, ms }
}
