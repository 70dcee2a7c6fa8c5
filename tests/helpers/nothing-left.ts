/**
 * Checks after each test that no process, file or shared memory of ours is left. Every process that a test
 * file starts has the file's mark in its environment, so that orphans of a killed Node are found too.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, afterEach, beforeEach, expect } from '@jest/globals'
import { pidsMarked, regions } from '../../scripts/soak/left.js'

const mark = `PADDLE_TS_TEST_MARK=${process.pid}-${Math.random().toString(36).slice(2)}`
const realTemp = tmpdir()
const temp = mkdtempSync(join(realTemp, 'jest-'))
process.env['PADDLE_TS_TEST_MARK'] = mark.slice(mark.indexOf('=') + 1)
process.env['TMPDIR'] = temp

/** The kernel takes a moment to end the children of a killed process. */
const PATIENCE_MS = 3000

function processes(): string[] {
  return pidsMarked(mark)
    .filter((pid) => Number(pid) !== process.pid)
    .flatMap((pid) => {
      try {
        return [`${pid} ${readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ')}`]
      } catch {
        return [] // The process has already ended.
      }
    })
}

function files(): string[] {
  const ours = (name: string): boolean => name.includes('paddle')
  return [...readdirSync(temp).filter(ours), ...readdirSync('/dev/shm').filter(ours)]
}

let before: { processes: string[]; files: string[]; memories: number }

beforeEach(() => {
  before = { processes: processes(), files: files(), memories: regions() }
})

afterEach(async () => {
  const left = (): string[] => processes().filter((entry) => !before.processes.includes(entry))
  const deadline = Date.now() + PATIENCE_MS
  while (left().length > 0 && Date.now() < deadline) await delay(20)
  expect({
    processes: left(),
    files: files().filter((name) => !before.files.includes(name)),
    memories: regions(),
  }).toEqual({ processes: [], files: [], memories: before.memories })
})

afterAll(() => {
  rmSync(temp, { recursive: true, force: true })
})
