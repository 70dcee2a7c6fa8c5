import { readFile } from 'node:fs/promises'
import { z } from 'zod'
import { codeOf } from '../errors.js'

const wish = z.object({
  device: z.enum(['cpu', 'gpu']),
  paddleVersion: z.string().nullable(),
  indexUrl: z.string().nullable(),
  wheel: z.string().nullable(),
  basePython: z.string().nullable(),
})

/** Written by `python/make_environment.py`; a file of another form counts as none. */
const pointerForm = z.object({
  format: z.literal(1),
  /** The name of its folder under `environments`. */
  id: z.string(),
  /** What was asked for. */
  wish,
  /** The hash of what was asked for and of the files that it came from. */
  key: z.string(),
  /** The hash of the `requirements.txt` that it was made with, if with that. */
  requirements: z.string().nullable(),
  /** The interpreter, relative to the home folder. */
  interpreter: z.string(),
  /** The file name of the executable behind it: another one means another Python, which does not see the packages. */
  executable: z.string(),
  /** Files without which it cannot work, relative to the home folder. */
  files: z.array(z.string()),
  versions: z.object({ python: z.string(), paddle: z.string(), numpy: z.string().nullable() }),
})

/** Which environment is current, and what it holds. */
export type Pointer = z.infer<typeof pointerForm>

/** The current environment, if there is one. */
export async function readPointer(path: string): Promise<Pointer | undefined> {
  let text: string
  try {
    text = await readFile(path, 'utf8')
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes(codeOf(error) ?? '')) return undefined
    throw error
  }
  return parsePointer(text)
}

export function parsePointer(text: string): Pointer | undefined {
  try {
    return pointerForm.parse(JSON.parse(text))
  } catch {
    return undefined
  }
}
