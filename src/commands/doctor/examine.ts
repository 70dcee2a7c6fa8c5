import type { Check } from './check.js'
import { checkInference } from './inference.js'
import { checkPython } from './python.js'
import { checkCpu, checkHome, checkJpegs, checkMemory, checkNode, checkPlatform } from './system.js'

/** Runs all checks; later ones depend on earlier ones. */
export async function examine({ python }: { python?: string | undefined }): Promise<readonly Check[]> {
  const system = [
    checkNode(),
    checkPlatform(),
    await checkCpu(),
    checkMemory(),
    checkJpegs(),
    await checkHome(),
  ]
  const { interpreter, checks } = await checkPython(python)
  // Without paddle there is no inference; the check of paddle reports it.
  return [
    ...system,
    ...checks,
    ...(interpreter === undefined ? [] : [await checkInference(python, interpreter)]),
  ]
}
