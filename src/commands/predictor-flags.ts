import type { PredictorOptions } from '../inference/index.js'
import type { CommandFlag } from './flag.js'
import { givenOf, type Flag } from './predictor-flags/flag.js'
import { generalFlags } from './predictor-flags/general.js'
import { oneDnnFlags } from './predictor-flags/one-dnn.js'
import { inFlags } from './predictor-flags/option-names.js'
import { passFlags } from './predictor-flags/passes.js'
import { tensorRtFlags, tensorRtGiven, tensorRtLacks } from './predictor-flags/tensor-rt.js'
import { xpuFlags } from './predictor-flags/xpu.js'

/** The flags that say how a predictor runs, one for each of its options, as yargs takes them. */
export const predictorFlags = {
  ...asYargs('How the network runs:', generalFlags),
  ...asYargs('oneDNN; each of them turns it on:', oneDnnFlags),
  ...asYargs('TensorRT; each of them turns it on:', tensorRtFlags),
  ...asYargs(
    'Passes, which optimise the graph; --insert-pass and the others may be given several times:',
    passFlags,
  ),
  ...asYargs('XPU:', xpuFlags),
}

/** The predictor's options that the flags stand for; only those that were given. */
export function predictorOptionsOf(args: object): Omit<PredictorOptions, 'model'> {
  const { oneDnn, tensorRt, ...general } = givenOf(generalFlags, args) ?? {}
  const options = {
    ...general,
    // What is turned off has no options.
    oneDnn: oneDnn === false ? false : (givenOf(oneDnnFlags, args) ?? oneDnn),
    tensorRt: tensorRt === false ? false : (tensorRtGiven(args) ?? tensorRt),
    passes: givenOf(passFlags, args),
    xpu: givenOf(xpuFlags, args),
  }
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined))
}

/** What is wrong with flags that are right each by itself: the message, or `true`. */
export async function predictorFlagsTogether(args: object): Promise<true | string> {
  const { useGpu } = args as { readonly useGpu?: boolean | undefined }
  const options = predictorOptionsOf(args)
  const { device } = options
  if (useGpu !== undefined && device !== undefined && useGpu !== /^gpu\b/.test(device)) {
    return `--use-gpu ${useGpu} and --device ${device} contradict each other: give one of them.`
  }
  const lacking = tensorRtLacks(args)
  if (lacking !== undefined) return lacking
  const { toConfig } = await import('../inference/index.js')
  try {
    toConfig({ model: '.', ...(useGpu && { device: 'gpu:0' }), ...options })
    return true
  } catch (error) {
    if (error instanceof TypeError || error instanceof RangeError) return inFlags(error.message)
    throw error
  }
}

function asYargs(group: string, flags: Readonly<Record<string, Flag<unknown>>>) {
  return Object.fromEntries(
    Object.values(flags).map(({ name, parse, mayStandAlone, ...flag }) => [
      name,
      {
        ...flag,
        type: 'string',
        group,
        coerce: parse,
        ...(!mayStandAlone && { requiresArg: true }),
      } as const satisfies CommandFlag,
    ]),
  )
}
