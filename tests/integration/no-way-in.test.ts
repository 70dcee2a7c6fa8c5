import { readdirSync, readFileSync, readlinkSync, statSync } from 'node:fs'
import { chmod, cp, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { probeInterpreter } from '../../src/environment/probe-interpreter.js'
import { createPredictor, type Predictor } from '../../src/inference/index.js'
import { tensor } from '../../src/tensor/index.js'
import { makeNets, type Nets } from '../helpers/nets.js'
import { testPython } from '../helpers/python.js'

/** What a shell would run, were a path ever to reach one. */
const wicked = `$(touch trap);"'\`touch trap\` & touch trap #`

let nets: Nets
let folder: string
let python: string
let predictor: Predictor

beforeAll(async () => {
  nets = await makeNets()
  folder = join(await mkdtemp(join(tmpdir(), 'no-way-in-')), wicked)
  await mkdir(folder)
  python = join(folder, 'python')
  await writeFile(python, `#!/bin/sh\nexec '${await testPython()}' "$@"\n`)
  await chmod(python, 0o755)
  await cp(nets.twoInTwoOut, join(folder, 'model'), { recursive: true })
  predictor = await createPredictor({ model: join(folder, 'model'), python })
})

afterAll(async () => {
  await predictor.close()
  await nets[Symbol.asyncDispose]()
  await rm(join(folder, '..'), { recursive: true })
})

const feeds = {
  x: tensor('float32', [1, 3], new Float32Array(3)),
  n: tensor('int64', [1], new BigInt64Array(1)),
}

/** What the descriptors of a process lead to. */
function descriptorsOf(pid: number): string[] {
  return readdirSync(`/proc/${pid}/fd`).flatMap((name) => {
    try {
      return [readlinkSync(`/proc/${pid}/fd/${name}`)]
    } catch {
      return [] // The one that has read the folder.
    }
  })
}

/** The inodes of the sockets that wait for somebody to connect, of all processes. */
function listening(): string[] {
  const table = (name: string): string[][] =>
    readFileSync(`/proc/net/${name}`, 'utf8')
      .split('\n')
      .slice(1)
      .map((line) => line.trim().split(/\s+/))
  const inet = ['tcp', 'tcp6'].flatMap((name) =>
    table(name)
      .filter((row) => row[3] === '0A')
      .map((row) => row[9] ?? ''),
  )
  const unix = table('unix')
    .filter((row) => (Number.parseInt(row[3] ?? '0', 16) & 0x10000) !== 0)
    .map((row) => row[6] ?? '')
  return [...inet, ...unix]
}

test('no path reaches a shell', async () => {
  await predictor.run(feeds)
  expect(predictor.info.model).toBe(join(folder, 'model', 'inference.pdmodel'))
  // It is started through a shell, which ends it with Node.
  expect((await probeInterpreter(python)).paddle.version).toBe(predictor.info.paddle)
  expect((await readdir(folder)).sort()).toEqual(['model', 'python'])
  expect(await readdir(process.cwd())).not.toContain('trap')
})

test('neither Node nor the worker listens, and what they share has no path', async () => {
  await predictor.run(feeds)
  const waiting = listening()
  for (const pid of [process.pid, predictor.info.pid!]) {
    const sockets = descriptorsOf(pid).flatMap((target) => /^socket:\[(\d+)\]$/.exec(target)?.[1] ?? [])
    expect(sockets.filter((inode) => waiting.includes(inode))).toEqual([])
  }
  const shared = descriptorsOf(predictor.info.pid!).filter(
    // The shell that starts this Python leaves its own script open.
    (target) => !/^(?:socket|pipe|anon_inode):/.test(target) && target !== python,
  )
  expect(new Set(shared)).toEqual(new Set(['/dev/null', '/memfd:paddle-ts (deleted)']))
})

test('the worker’s descriptors are for its own user only', () => {
  const { mode, uid } = statSync(`/proc/${predictor.info.pid!}/fd`)
  expect([mode & 0o077, uid]).toEqual([0, process.getuid!()])
})
