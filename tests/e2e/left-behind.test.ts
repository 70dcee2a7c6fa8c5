import { readdirSync, readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from '@jest/globals'
import { execa } from 'execa'
import { describeReal, realModels } from '../helpers/real-models.js'
import { inTime } from '../helpers/until.js'

const script = fileURLToPath(new URL('../helpers/start-predictor.mjs', import.meta.url))
const model = `${realModels}/imagenet-classifier`

/** The child processes of `pid`. */
function childrenOf(pid: number): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((name) => {
      try {
        return readFileSync(`/proc/${name}/status`, 'utf8').includes(`\nPPid:\t${pid}\n`)
      } catch {
        return false // It has exited.
      }
    })
    .map(Number)
}

// What is left is looked for after each test: see helpers/nothing-left.ts.
const start = (...args: string[]) => execa('node', [script, model, ...args], { reject: false })

/** Waits for a line of a process's output. */
async function said(line: string, { stdout }: { stdout: Readable }): Promise<void> {
  const listen = async (): Promise<void> => {
    for await (const heard of createInterface({ input: stdout })) if (heard === line) return
    throw new Error(`It never said: ${line}`)
  }
  await inTime(listen(), `it says ${line}`)
}

// What is left is looked for after each test: see helpers/nothing-left.ts.
describeReal('Node killed by SIGKILL', () => {
  test.each([0, 20, 40, 80, 160, 320, 640, 1280])('%d ms after its worker’s start', async (delay) => {
    const node = start('stay')
    await said('starting', node)
    setTimeout(() => node.kill('SIGKILL'), delay)
    expect((await node).signal).toBe('SIGKILL')
  })

  test('while its worker computes', async () => {
    const node = start('run')
    await said('running', node)
    expect(childrenOf(node.pid!)).toHaveLength(1)
    node.kill('SIGKILL')
    expect((await node).signal).toBe('SIGKILL')
  })
})

describeReal('a script', () => {
  test('without close() exits by itself, and so does its worker', async () => {
    const { exitCode, stdout } = await start('once')
    expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: 'starting\nran [1,1000]' })
  })

  test('that runs out of descriptors gets an error, and continues', async () => {
    const { exitCode, stdout } = await start('no-files')
    expect({ exitCode, stdout }).toEqual({
      exitCode: 0,
      stdout:
        'starting\n' +
        'WORKER_START_FAILED The worker could not be started: no more files can be opened (EMFILE).\n' +
        'Close predictors that are not used, or raise the limit of open files (ulimit -n).\n' +
        'ran [1,1000]',
    })
  })

  test('that throws with an open predictor exits with code 1', async () => {
    const node = await start('throw')
    expect(node.exitCode).toBe(1)
    expect(node.stderr).toContain('Error: thrown with a predictor open')
  })
})

describe('the mark of the tests', () => {
  test('finds a child', async () => {
    const child = execa('sleep', ['60'], { reject: false })
    expect(childrenOf(process.pid)).toContain(child.pid)
    child.kill()
    await child
  })
})
