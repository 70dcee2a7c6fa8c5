import { describe, expect, test } from '@jest/globals'
import { listLines } from '../../src/commands/images/list-lines.js'

interface Listed {
  readonly lines: readonly string[]
  readonly warnings: readonly string[]
}

/** The lines of a list that arrives in chunks of `size` bytes. */
async function listed(bytes: Buffer, size: number): Promise<Listed> {
  const chunks = async function* (): AsyncGenerator<Uint8Array> {
    for (let at = 0; at < bytes.length; at += size) yield await Promise.resolve(bytes.subarray(at, at + size))
  }
  const warnings: string[] = []
  const lines: string[] = []
  const onNotUtf8 = ({ code, message }: { code: string; message: string }) => {
    warnings.push(`${code} ${message}`)
  }
  for await (const line of listLines(chunks(), onNotUtf8)) lines.push(line)
  return { lines, warnings }
}

const names = ['a b.jpg', '图片/猫.png', '😀.jpg']
const utf16le = (text: string): Buffer => Buffer.from(`\uFEFF${text}`, 'utf16le')
const warning =
  'TEXT_NOT_UTF8 The list on standard input is not UTF-8 and was read as GB18030: save it as UTF-8 if its text comes out wrong.'

const gbkDogs = Buffer.from('b9b72e706e670d0abfc2bbf9c8ae2e706e670a', 'hex')

describe('however a list is cut into chunks', () => {
  test.each<[string, Buffer, readonly string[], readonly string[]]>([
    ['lines', Buffer.from(`${names.join('\n')}\n`), names, []],
    ['the last line has no end', Buffer.from(names.join('\n')), names, []],
    ['CRLF and empty lines', Buffer.from(`\r\n${names.join('\r\n\r\n')}\r\n`), names, []],
    ['CR', Buffer.from(names.join('\r')), names, []],
    ['marks, as of joined lists', Buffer.from(`\uFEFF${names.join('\n\uFEFF')}\n`), names, []],
    ['UTF-16, little endian', utf16le(`${names.join('\r\n')}\r\n`), names, []],
    ['UTF-16, big endian', utf16le(names.join('\n')).swap16(), names, []],
    ['a single byte', Buffer.from('a'), ['a'], []],
    ['nothing but a mark', Buffer.from('\uFEFF\n'), [], []],
    ['nothing', Buffer.from(''), [], []],
    ['GBK, with one warning', gbkDogs, ['狗.png', '柯基犬.png'], [warning]],
    [
      'a name in no encoding',
      Buffer.from('ok.jpg\ncaf\xe9.jpg\n', 'latin1'),
      ['ok.jpg', 'caf\uFFFD.jpg'],
      [],
    ],
  ])('%s', async (_, bytes, lines, warnings) => {
    for (const size of [1, 2, 3, 5, 1000]) expect(await listed(bytes, size)).toEqual({ lines, warnings })
  })
})

test('a line of GBK that is UTF-8 by chance is read as its neighbours', async () => {
  const pictures = Buffer.from('cdbcc6ac2fc3a82e706e670a', 'hex')
  expect(await listed(Buffer.concat([pictures, gbkDogs]), 1000)).toEqual({
    lines: ['图片/猫.png', '狗.png', '柯基犬.png'],
    warnings: [warning],
  })
  // Here the name in GBK is the odd one.
  const mixed = Buffer.concat([Buffer.from('图片/猫.png\n喵.png\n'), Buffer.from('b9b72e706e670a', 'hex')])
  expect((await listed(mixed, 1000)).lines).toEqual(['图片/猫.png', '喵.png', '狗.png'])
})

test('lines are yielded before the list ends', async () => {
  const endless = async function* (): AsyncGenerator<Uint8Array> {
    for (let line = 0; ; line += 1) yield await Promise.resolve(Buffer.from(`${line}.jpg\n`))
  }
  const lines = listLines(endless())
  expect([await lines.next(), await lines.next()]).toEqual([
    { done: false, value: '0.jpg' },
    { done: false, value: '1.jpg' },
  ])
  await lines.return()
})
