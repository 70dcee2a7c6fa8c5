import type { PredictorOptions } from '../../inference/index.js'
import { wording } from '../../wording.js'
import { findFlagError } from './flag-errors.js'
import type { FlagWording } from './flag.js'
import { asFlags, optionsFromFlags } from './option-flags.js'
import { generalFlags, oneDnnFlags, passFlags, xpuFlags } from './predictor/flag-table.js'
import { tensorRtFlags, tensorRtGiven, tensorRtLacks } from './predictor/tensor-rt.js'

/** The flags of a predictor, one per option. */
export const predictorFlags = {
  ...asFlags(generalFlags),
  ...asFlags(oneDnnFlags),
  ...asFlags(tensorRtFlags),
  ...asFlags(passFlags),
  ...asFlags(xpuFlags),
}

/** The predictor's options from the flags that are given. */
export function predictorOptionsOf(args: object): Omit<PredictorOptions, 'model'> {
  const { oneDnn, tensorRt, ...general } = optionsFromFlags(generalFlags, args) ?? {}
  const options = {
    ...general,
    // `false` overrides its options.
    oneDnn: oneDnn === false ? false : (optionsFromFlags(oneDnnFlags, args) ?? oneDnn),
    tensorRt: tensorRt === false ? false : (tensorRtGiven(args) ?? tensorRt),
    passes: optionsFromFlags(passFlags, args),
    xpu: optionsFromFlags(xpuFlags, args),
  }
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined))
}

/** Checks valid flags for conflicts. @returns the message of a conflict, or `true` */
export async function predictorFlagsTogether(args: object): Promise<true | FlagWording> {
  const { useGpu } = args as { readonly useGpu?: boolean | undefined }
  const options = predictorOptionsOf(args)
  const { device } = options
  if (useGpu !== undefined && device !== undefined && useGpu !== /^gpu\b/.test(device)) {
    return wording`${{ flag: 'use-gpu' }} ${String(useGpu)} and ${{ flag: 'device' }} ${device} are mutually exclusive: use one of them.`
  }
  const missing = tensorRtLacks(args)
  if (missing !== undefined) return missing
  const { toConfig } = await import('../../inference/index.js')
  return findFlagError(() => toConfig({ model: '.', ...(useGpu && { device: 'gpu:0' }), ...options }))
}
