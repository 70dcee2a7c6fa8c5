import { chooseBasePython } from './base-python.js'
import { chooseWheel, type InstalledWheel, type WheelChoice } from './choose-wheel.js'
import { readDriver } from './driver.js'
import type { EnvironmentSpec } from './environment-spec.js'
import { hasGpuWheels } from './gpu-wheels.js'
import { planFor, readRequirements } from './install-plan.js'

/** Chooses the wheel for this machine; its driver is read in the Python that the environment is created with. */
export async function chooseForMachine(
  request: Omit<EnvironmentSpec, 'device'>,
  {
    installed,
    signal,
  }: { readonly installed: InstalledWheel | undefined; readonly signal: AbortSignal | undefined },
): Promise<WheelChoice> {
  const { platform, arch } = process
  const paddle = request.paddleVersion ?? readRequirements().paddleVersion
  if (!hasGpuWheels({ platform, arch }))
    return chooseWheel(paddle, { platform, arch, driver: undefined, installed })
  // The same Pythons run the CPU wheel and the GPU wheels of a version.
  const base = await chooseBasePython(await planFor({ ...request, device: 'cpu' }), signal)
  const driver = await readDriver(base.path, signal)
  return chooseWheel(paddle, { platform, arch, driver, installed })
}
