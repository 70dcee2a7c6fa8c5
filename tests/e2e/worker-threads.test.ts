import '../helpers/nothing-left.js'
import { readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { expect, test } from '@jest/globals'
import { execa } from 'execa'
import { root } from '../helpers/project.js'
import { inTime, until } from '../helpers/until.js'

const script = fileURLToPath(new URL('../helpers/end-thread.mjs', import.meta.url))

/** The state of a process as in proc(5): `Z` after its end, until its parent has waited for it; `gone` after that. */
function stateOf(pid: number): string {
  try {
    return /^\d+ \(.*\) (\w)/.exec(readFileSync(`/proc/${pid}/stat`, 'utf8'))?.[1] ?? ''
  } catch {
    return 'gone'
  }
}

// Node only waits for a child in the thread that started it, so a terminated thread leaves the entry of each.
test.each([
  ['terminate', ['Z', 'Z']],
  ['close', ['gone', 'gone']],
] as const)('the processes of a pool in a worker thread end with the thread: %s', async (how, states) => {
  const node = execa(process.execPath, [script, how], { cwd: root, reject: false, stdin: 'pipe' })
  const lines = createInterface({ input: node.stdout })[Symbol.asyncIterator]()
  const next = async (): Promise<string> => (await inTime(lines.next(), how)).value as string
  const pids = JSON.parse(await next()) as number[]
  expect(pids.map(stateOf)).not.toContain('gone')
  expect(await next()).toBe('ended')
  await until(() => pids.every((pid) => ['Z', 'gone'].includes(stateOf(pid))))
  expect(pids.map(stateOf)).toEqual(states)
  // What is left is removed with Node: nothing-left.ts checks that.
  node.stdin.end()
  expect(await node).toMatchObject({ exitCode: 0, stderr: '' })
})
