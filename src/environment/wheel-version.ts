import { PaddleError, shortMessageOf } from '../errors.js'
import { readManifest } from './environment-manifest.js'
import { findInterpreter } from './find-interpreter.js'
import { homeOf } from './home.js'

/** Does not import paddle, which would take seconds. */
const code = `
import json, os, platform
from importlib.metadata import distributions
found = [d for d in distributions() if (d.metadata["Name"] or "").lower().startswith("paddlepaddle")]
wheel = found[0].metadata["Name"] + " " + found[0].version if found else "no paddlepaddle"
os.write(3, json.dumps({"python": platform.python_version(), "wheel": wheel}).encode() + b"\\n")
`

/**
 * Describes the paddle wheel of the Python that would be used, or the problem with it:
 * `paddlepaddle 3.3.1 (Python 3.11.7, /path/to/python)`. Installs nothing and never throws.
 */
export async function wheelVersion(python?: string): Promise<string> {
  try {
    const { path, source } = await findInterpreter({ python })
    const pointer = source === 'managed' ? await readManifest(homeOf().pointer) : undefined
    if (!pointer) return await askedOf(path)
    const { versions, wish } = pointer
    const name = wish.device === 'gpu' ? 'paddlepaddle-gpu' : 'paddlepaddle'
    return `${name} ${versions.paddle} (Python ${versions.python}, ${path})`
  } catch (error) {
    const why = shortMessageOf(error)
    const isUnmade = error instanceof PaddleError && error.code === 'ENVIRONMENT_NOT_READY'
    const isMissing = isUnmade && why.includes('is not installed')
    return isMissing ? 'no managed Python yet: paddle-ts setup' : `no paddlepaddle: ${why}`
  }
}

async function askedOf(path: string): Promise<string> {
  const [{ startTethered }, { z }] = await Promise.all([import('../python/index.js'), import('zod')])
  await using python = startTethered(path, code, { timeoutMs: 20_000 })
  const answer = await python.next(z.object({ python: z.string(), wheel: z.string() }))
  if ('ended' in answer) return `no paddlepaddle: ${path} does not run as a Python interpreter`
  return `${answer.wheel} (Python ${answer.python}, ${path})`
}
