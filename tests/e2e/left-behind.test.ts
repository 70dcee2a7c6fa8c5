import { describe, expect, test } from '@jest/globals'
import { execa } from 'execa'
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describeReal, realModels } from '../helpers/real-models.js'

const script = fileURLToPath(new URL('../helpers/start-predictor.mjs', import.meta.url))

/** The processes that have `pid` as their parent. */
function childrenOf(pid: number): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((name) => {
      try {
        return readFileSync(`/proc/${name}/status`, 'utf8').includes(`\nPPid:\t${pid}\n`)
      } catch {
        return false // It has ended meanwhile.
      }
    })
    .map(Number)
}

// What is left is looked for after each test: see helpers/nothing-left.ts.
describeReal('Node killed by SIGKILL', () => {
  test.each([0, 20, 40, 80, 160, 320, 640, 1280])('%d ms after its worker’s start', async (delay) => {
    const node = execa('node', [script, `${realModels}/imagenet-classifier`], {
      reject: false,
      cleanup: false,
    })
    const lines = node.iterable()
    for await (const line of lines) {
      if (line === 'starting') break
    }
    setTimeout(() => node.kill('SIGKILL'), delay)
    expect((await node).signal).toBe('SIGKILL')
  })

  test('while its worker computes', async () => {
    const node = execa('node', [script, `${realModels}/imagenet-classifier`, 'run'], {
      reject: false,
      cleanup: false,
    })
    for await (const line of node.iterable()) {
      if (line === 'running') break
    }
    expect(childrenOf(node.pid!)).toHaveLength(1)
    node.kill('SIGKILL')
    expect((await node).signal).toBe('SIGKILL')
  })
})

describeReal('a script', () => {
  test('that forgets close() ends by itself, and its worker with it', async () => {
    const { exitCode, stdout } = await execa('node', [script, `${realModels}/imagenet-classifier`, 'once'])
    expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: 'starting\nran [1,1000]' })
  })

  test('that throws with a predictor open ends with code 1', async () => {
    const node = await execa('node', [script, `${realModels}/imagenet-classifier`, 'throw'], {
      reject: false,
    })
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
