import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { isRecord, parseJson } from '../json.js'
import type { ModelFiles } from './model-files.js'
import { declaredInProto } from './program-proto.js'

/** The height and width that a program declares for its images; -1 where it leaves one open. */
export interface DeclaredSize {
  readonly height: number
  readonly width: number
}

/**
 * Reads the size of the images that a program takes from its file, before any process loads the model: of its only
 * input with four dimensions, [N,C,H,W]. Undefined if it leaves both sides open, if it has no such input, or if the
 * file cannot be read; loading the model then reports why.
 */
export async function readDeclaredSize({
  format,
  program,
  params,
}: ModelFiles): Promise<DeclaredSize | undefined> {
  const file = format === '__model__' && params === undefined ? join(program, '__model__') : program
  const bytes = await readFile(file).catch(() => undefined)
  const shapes = bytes && (format === 'json' ? declaredInJson(bytes) : declaredInProto(bytes))
  const images = (shapes ?? []).filter((shape) => shape.length === 4)
  const [[, , height = -1, width = -1] = []] = images
  return images.length === 1 && (height > 0 || width > 0) ? { height, width } : undefined
}

/** The shapes of the inputs of a PIR program: those of its operators `data` and `feed`. */
function declaredInJson(bytes: Uint8Array): readonly (readonly number[])[] {
  const found = parseJson(new TextDecoder().decode(bytes))
  const operators = at(found, 'program', 'regions', 0, 'blocks', 0, 'ops')
  if (!Array.isArray(operators)) return []
  return operators
    .filter((operator) => /^1\.(?:data|feed)$/.test(String(at(operator, '#'))))
    .flatMap((operator) => {
      const shape = at(operator, 'O', 0, 'TT', 'D', 1)
      return Array.isArray(shape) && shape.every(Number.isSafeInteger) ? [shape as number[]] : []
    })
}

/** What lies at a path of keys and indices. */
function at(value: unknown, ...path: readonly (string | number)[]): unknown {
  let found = value
  for (const key of path) {
    if (!isRecord(found) && !Array.isArray(found)) return undefined
    found = (found as Readonly<Record<string | number, unknown>>)[key]
  }
  return found
}
