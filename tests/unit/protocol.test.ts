import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from '@jest/globals'
import ts from 'typescript'

interface Field {
  readonly name: string
  readonly isOptional: boolean
}

/** A message: what it extends, and its own fields in their order. */
interface Message {
  readonly base: string | undefined
  readonly fields: readonly Field[]
}

type Messages = Readonly<Record<string, Message>>

function read(path: string): string {
  return readFileSync(fileURLToPath(new URL(`../../${path}`, import.meta.url)), 'utf8')
}

/** The interfaces of a TypeScript file. */
function interfacesOf(text: string): Messages {
  const source = ts.createSourceFile('protocol.ts', text, ts.ScriptTarget.Latest)
  const found = source.statements.filter(ts.isInterfaceDeclaration).map((declaration) => {
    const [base] = declaration.heritageClauses?.flatMap(({ types }) => [...types]) ?? []
    const fields = declaration.members.filter(ts.isPropertySignature).map((member) => ({
      name: (member.name as ts.Identifier).text,
      isOptional: member.questionToken !== undefined,
    }))
    return [declaration.name.text, { base: base && (base.expression as ts.Identifier).text, fields }] as const
  })
  return Object.fromEntries(found)
}

/** The TypedDicts of a Python file. */
function typedDictsOf(text: string): Messages {
  const classes = text.matchAll(/^class (\w+)\((\w+)\):\n((?: {4}.*\n|\n)+)/gm)
  return Object.fromEntries(
    [...classes].map(([, name = '', base = '', body = '']) => {
      const code = body.replaceAll(/"""[^]*?"""/g, '')
      const fields = [...code.matchAll(/^ {4}(\w+): (.*)$/gm)].map(([, field = '', type = '']) => ({
        name: field,
        isOptional: type.startsWith('NotRequired['),
      }))
      return [name, { base: base === 'TypedDict' ? undefined : base, fields }]
    }),
  )
}

/** What one side alone has a name for. */
const ofOneSide = ['OneShotCalls', 'Failure']

describe.each([
  ['control', 'control'],
  ['runs', 'runs'],
  ['one-shot', 'one_shot'],
])('the messages of %s', (here, there) => {
  const ours = interfacesOf(read(`src/bridge/protocol/${here}.ts`))
  const theirs = typedDictsOf(read(`python/paddle_worker/protocol/${there}.py`))
  const names = (messages: Messages) => Object.keys(messages).filter((name) => !ofOneSide.includes(name))

  test('have the same names on both sides, in the same order', () => {
    expect(names(theirs)).toEqual(names(ours))
    expect(names(ours).length).toBeGreaterThan(5)
  })

  test.each(names(ours))('%s has the same fields', (name) => {
    expect(theirs[name]).toEqual(ours[name])
    expect(ours[name]!.fields.length).toBeGreaterThan(0)
  })
})
