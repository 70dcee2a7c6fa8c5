import { symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { makeNets, makeTensorNets, type NetFolder, type Nets } from '../helpers/nets.js'
import { takeBlocks } from '../helpers/pages.js'
import { makeProject, root, type Project } from '../helpers/project.js'

let project: Project
let nets: Nets
let tensorNets: NetFolder

beforeAll(async () => {
  project = await makeProject()
  nets = await makeNets()
  tensorNets = await makeTensorNets()
  await symlink(nets.twoInTwoOut, join(project.folder, 'sums'))
  await symlink(`${tensorNets.folder}/tokenizer`, join(project.folder, 'tokenizer'))
  await symlink(join(root, 'node_modules/ndarray'), join(project.folder, 'node_modules/ndarray'))
})
afterAll(async () => {
  await project[Symbol.asyncDispose]()
  await nets[Symbol.asyncDispose]()
  await tensorNets[Symbol.asyncDispose]()
})

test('docs/tensors.md: its TypeScript', async () => {
  const [first, halves, forms, allocated, strings] = await takeBlocks('docs/tensors.md', 'ts ts ts ts ts')
  expect(await project.typeScript(first)).toBe(
    'float32 [ 2, 3 ] Float32Array(6) [ 11, 12, 13, 24, 25, 26 ]\n' +
      'int64 [ 2 ] BigInt64Array(2) [ 20n, 40n ]\n' +
      '[ [ 11, 12, 13 ], [ 24, 25, 26 ] ]',
  )
  expect(await project.typeScript(halves)).toBe(
    'Uint16Array(3) [ 15360, 11878, 31744 ] Float32Array(3) [ 1, 0.0999755859375, Infinity ]',
  )
  expect(await project.typeScript(forms)).toBe(Array(4).fill('1 2 3 4 5 6').join('\n'))
  expect(await project.typeScript(allocated)).toBe('1 2 3\n11 12 13')
  expect(await project.typeScript(strings)).toBe('[ [ 2n, 5n, 6n, 3n ] ]')
})
