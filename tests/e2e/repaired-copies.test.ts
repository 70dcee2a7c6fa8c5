import '../helpers/nothing-left.js'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { execa } from 'execa'
import { root } from '../helpers/project.js'

// Threads stand in for processes: they share no variables, and start each round at the same moment.
const program = `
import { readdirSync, readFileSync, truncateSync } from 'node:fs'
import { join } from 'node:path'
import { isMainThread, Worker, workerData } from 'node:worker_threads'
import { fileURLToPath } from 'node:url'
import { outsideArchive } from ${JSON.stringify(join(root, 'dist/outside-archive.js'))}

const [threads, rounds] = [3, 60]
const copies = join(process.env.PADDLE_TS_HOME, 'unpacked')
if (isMainThread) {
  const state = new Int32Array(new SharedArrayBuffer(12))
  for (let id = 0; id < threads; id += 1) {
    new Worker(fileURLToPath(import.meta.url), { workerData: state }).on('error', (error) => { throw error })
  }
} else {
  const state = workerData
  for (let round = 0; round < rounds; round += 1) {
    // The last one that arrives damages every copy and lets all start.
    if (Atomics.add(state, 0, 1) === threads * (round + 1) - 1) {
      for (const name of round === 0 ? [] : readdirSync(copies)) truncateSync(join(copies, name, 'python/a.py'), 1)
      Atomics.store(state, 1, round + 1)
      Atomics.notify(state, 1)
    } else Atomics.wait(state, 1, round)
    const text = readFileSync(join(outsideArchive(process.env.ARCHIVE), 'a.py'), 'utf8')
    if (text !== 'print(1)') throw new Error(text)
  }
  if (Atomics.add(state, 2, 1) === threads - 1) console.log('done')
}
`

test('processes that repair a damaged copy at once all get a whole one', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'repaired-'))
  const archive = join(folder, 'app.asar/python')
  await mkdir(archive, { recursive: true })
  await writeFile(join(archive, 'a.py'), 'print(1)')
  await writeFile(join(archive, 'b.py'), 'print(2)')
  await writeFile(join(folder, 'program.mjs'), program)
  const { all } = await execa('node', [join(folder, 'program.mjs')], {
    ...{ env: { PADDLE_TS_HOME: join(folder, 'home'), ARCHIVE: archive }, all: true, reject: false },
  })
  expect(all).toBe('done')
  await rm(folder, { recursive: true })
})
