import { delimiter, join } from 'node:path'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { execa } from 'execa'
import { makeNets, type Nets } from '../helpers/nets.js'
import { folderOfNode, otherNodes } from '../helpers/nodes.js'
import { root } from '../helpers/project.js'

const script = join(root, 'tests/helpers/transfer-tensor.mjs')
const running = process.versions.node

let nets: Nets

beforeAll(async () => {
  nets = await makeNets()
})
afterAll(async () => {
  await nets[Symbol.asyncDispose]()
})

/**
 * Whether a method transfers, copies or throws depends on the version of Node; Node and the values survive in
 * any case.
 */
test.each([running, ...otherNodes])('the memory of tensors may be transferred: Node %s', async (version) => {
  const node = version === running ? '' : `${await folderOfNode(version)}${delimiter}`
  const env = { PATH: node + (process.env['PATH'] ?? '') }
  const args = ['--expose-gc', script, nets.twoInTwoOut]
  const { stdout } = await execa('node', args, { env, stdin: 'ignore' })
  const lines = stdout.split('\n')
  expect(lines.pop()).toBe('alive')
  const tried = lines.map((line) => JSON.parse(line) as Record<string, unknown>)
  expect(tried.map(({ way }) => way)).toEqual([
    ...['byteStream', 'ownBuffer', 'clone', 'message', 'transfer', 'longer', 'fixedLength'],
  ])
  for (const { way, how, owner, ...values } of tried) {
    expect({ way, ...values }).toEqual({
      way,
      data: [1, 2, 3],
      sums: [2, 3, 4],
      after: [2, 3, 4],
      written: [6, 7, 8],
      next: [9, 10, 11],
    })
    if (how === 'transferred') expect(owner).toEqual([1, 2, 3])
    else expect(['DataCloneError', 'TypeError']).toContain(how)
  }
})
