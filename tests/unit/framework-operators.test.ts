/** The tables of docs/preprocessing.md about every operator and key say what the reader of these files does. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { readModelConfig, type ModelConfig } from '../../src/model/index.js'
import { messageOf } from '../../src/errors.js'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'operators-'))
})
afterAll(() => rm(folder, { recursive: true }))

async function read(content: object): Promise<ModelConfig | undefined> {
  await writeFile(join(folder, 'inference.yml'), JSON.stringify(content))
  return readModelConfig({ format: 'pdmodel', program: join(folder, 'inference.pdmodel') })
}

interface Row {
  readonly list: string
  readonly name: string
  readonly here: string
}

/** The rows of the section, a name each. */
async function rowsOf(head: string): Promise<Row[]> {
  const text = await readFile(new URL('../../docs/preprocessing.md', import.meta.url), 'utf8')
  const section = text.split('## Every operator and key')[1]?.split('\n## ')[0] ?? ''
  const table = section.split('\n\n').find((part) => new RegExp(`^\\| ${head} +\\|`).test(part)) ?? ''
  return table
    .split('\n')
    .slice(2)
    .flatMap((line) => {
      const [, list = '', names = '', here = ''] = line.split('|').map((cell) => cell.trim())
      return [...names.matchAll(/`([\w.]+)`/g)].map(([, name = '']) => ({
        list: list.replaceAll('`', ''),
        name,
        here: here.split(':')[0] ?? '',
      }))
    })
}

/** A file that has the operator in this list. */
function fileWith(list: string, name: string): object {
  switch (list) {
    case 'PostProcess':
      return { PreProcess: { transform_ops: [{ ToCHWImage: null }] }, PostProcess: { [name]: null } }
    case 'Deploy.transforms':
      return { Deploy: { transforms: [{ type: name }] } }
    case 'Preprocess':
      return { Preprocess: [{ type: name }] }
    default:
      return { [list]: { transform_ops: [{ [name]: null }] } }
  }
}

/** Why the operator cannot be read; an operator may lack its parameters or others beside it. */
async function refusalOf({ list, name }: Row): Promise<string | undefined> {
  try {
    const config = await read(fileWith(list, name))
    return config?.postProcess && undefined
  } catch (error) {
    return messageOf(error)
  }
}

const isRefused =
  /the operator \w+ (?:of \w+ )?is unknown|is not supported: it |feeds each image at several sizes/

test('each operator is done, ignored or refused', async () => {
  const rows = (await rowsOf('list')).filter(({ list, name }) => !['RecPreProcess', name].includes(list))
  expect(rows.length).toBeGreaterThan(110)
  for (const row of rows) {
    const refusal = await refusalOf(row)
    const found = refusal !== undefined && isRefused.test(refusal) ? 'refused' : 'done or ignored'
    const expected = row.here === 'refused' ? 'refused' : 'done or ignored'
    expect({ ...row, found, refusal }).toEqual({ ...row, found: expected, refusal })
  }
})

test('each operator that is done has no other place', async () => {
  const rows = await rowsOf('list')
  const places = rows.map(({ list, name }) => `${list} ${name}`)
  expect(places).toEqual([...new Set(places)])
})

test('each key is done, ignored or refused', async () => {
  const rows = await rowsOf('file')
  expect(rows.length).toBeGreaterThan(35)
  const usual = { Preprocess: [{ type: 'Permute' }], arch: 'YOLO' }
  for (const { name, here } of rows.filter((row) => row.here !== 'done')) {
    const [key, inner] = name.split('.') as [string, string?]
    const value =
      here === 'refused' ? { mask: true, mask_resolution: 28, tracker: { type: 'OCSORT' } }[key] : 7
    const given = { [key]: inner === undefined ? value : { [inner]: value } }
    const content =
      key === 'Deploy'
        ? { Deploy: { transforms: [{ type: 'Resize' }], [inner ?? '']: value } }
        : { ...usual, ...given }
    const config = await read(content)
    const kind = (): string | undefined => config?.postProcess?.kind
    if (here === 'refused') expect(kind).toThrow('but only boxes are supported')
    else expect({ name, kind: kind() }).toEqual({ name, kind: key === 'Deploy' ? 'segments' : 'boxes' })
  }
})
