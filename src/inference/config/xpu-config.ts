import type { ConfigArgument } from '../../bridge/index.js'
import {
  anyText,
  boolean,
  count,
  finite,
  int,
  objectOf,
  text,
  texts,
  type Form,
} from '../../options/index.js'
import type { Param } from './define-methods.js'
import { param } from './params.js'

/**
 * Paddle's `XpuConfig`; omitted properties keep paddle's defaults. Its pointers (`context`, `stream`,
 * `l3_ptr`) are addresses in the worker: set them with `prepare`.
 */
export interface XpuConfig {
  readonly deviceId?: number | undefined
  /** In bytes. */
  readonly l3Size?: number | undefined
  readonly l3AutotuneSize?: number | undefined
  readonly contextGmSize?: number | undefined
  readonly convAutotuneLevel?: number | undefined
  readonly convAutotuneFile?: string | undefined
  readonly convAutotuneFileWriteback?: boolean | undefined
  readonly fcAutotuneLevel?: number | undefined
  readonly fcAutotuneFile?: string | undefined
  readonly fcAutotuneFileWriteback?: boolean | undefined
  readonly gemmComputePrecision?: number | undefined
  readonly transformerSoftmaxOptimizeLevel?: number | undefined
  readonly transformerEncoderAdaptiveSeqlen?: boolean | undefined
  readonly quantPostStaticGeluOutThreshold?: number | undefined
  readonly quantPostDynamicActivationMethod?: number | undefined
  readonly quantPostDynamicWeightPrecision?: number | undefined
  readonly quantPostDynamicOpTypes?: readonly string[] | undefined
}

const xpuForm: Form<XpuConfig> = {
  deviceId: int(0),
  l3Size: count(0),
  l3AutotuneSize: count(0),
  contextGmSize: int(-1),
  convAutotuneLevel: int(0),
  convAutotuneFile: anyText,
  convAutotuneFileWriteback: boolean,
  fcAutotuneLevel: int(0),
  fcAutotuneFile: anyText,
  fcAutotuneFileWriteback: boolean,
  gemmComputePrecision: int(0),
  transformerSoftmaxOptimizeLevel: int(0),
  transformerEncoderAdaptiveSeqlen: boolean,
  quantPostStaticGeluOutThreshold: finite,
  quantPostDynamicActivationMethod: int(0),
  quantPostDynamicWeightPrecision: int(0),
  quantPostDynamicOpTypes: texts,
}

/** Paddle's `DistConfig` (2.6 only): the place of this process among those that share the network. */
export interface DistConfig {
  readonly useDistModel?: boolean | undefined
  readonly nranks?: number | undefined
  readonly rank?: number | undefined
  readonly trainerEndpoints?: readonly string[] | undefined
  readonly currentEndpoint?: string | undefined
  readonly carrierId?: string | undefined
  readonly commInitConfig?: string | undefined
}

const distForm: Form<DistConfig> = {
  useDistModel: boolean,
  nranks: int(1),
  rank: int(0),
  trainerEndpoints: texts,
  currentEndpoint: text,
  carrierId: text,
  commInitConfig: text,
}

export function xpuConfig(name: string): Param<XpuConfig> {
  return param(name, objectOf(xpuForm, 'an object'), undefined, (given) => ({
    $xpuConfig: given as Readonly<Record<string, ConfigArgument>>,
  }))
}

export function distConfig(name: string): Param<DistConfig> {
  return param(name, objectOf(distForm, 'an object'), undefined, (given) => ({
    $distConfig: given as Readonly<Record<string, ConfigArgument>>,
  }))
}
