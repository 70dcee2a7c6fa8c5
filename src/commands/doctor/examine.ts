import type { Check } from './check.js'
import { checkInference } from './inference.js'
import { checkPython } from './python.js'
import { checkCpu, checkHome, checkMemory, checkNode, checkPlatform } from './system.js'

/** All checks, in the order in which one needs the other. */
export async function examine({ python }: { python?: string | undefined }): Promise<readonly Check[]> {
  const system = [checkNode(), checkPlatform(), await checkCpu(), checkMemory(), await checkHome()]
  const { interpreter, checks } = await checkPython(python)
  // Without a Python that has paddle there is nothing to run it on; its own line says so.
  return [...system, ...checks, ...(interpreter === undefined ? [] : [await checkInference(interpreter)])]
}
