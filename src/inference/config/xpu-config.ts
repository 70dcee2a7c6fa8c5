import type { ConfigArgument } from '../../bridge/index.js'
import { wrongType } from '../../errors.js'
import { flag, integer, isPlainObject, names, number, size, text } from './params.js'
import type { Param } from './spec.js'

/**
 * Paddle's `XpuConfig`; what is left out keeps paddle's default. Its pointers (`context`, `stream`, `l3_ptr`) are addresses in the
 * worker: set them there, with `prepare`.
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

/** What can be set; `Fields` makes the compiler find one that is missing. */
type Fields<Interface> = { readonly [Name in keyof Interface]-?: Param<NonNullable<Interface[Name]>> }

const fields: Fields<XpuConfig> = {
  deviceId: integer('deviceId', 0),
  l3Size: size('l3Size'),
  l3AutotuneSize: size('l3AutotuneSize'),
  contextGmSize: integer('contextGmSize', -1),
  convAutotuneLevel: integer('convAutotuneLevel', 0),
  convAutotuneFile: text('convAutotuneFile', ''),
  convAutotuneFileWriteback: flag('convAutotuneFileWriteback'),
  fcAutotuneLevel: integer('fcAutotuneLevel', 0),
  fcAutotuneFile: text('fcAutotuneFile', ''),
  fcAutotuneFileWriteback: flag('fcAutotuneFileWriteback'),
  gemmComputePrecision: integer('gemmComputePrecision', 0),
  transformerSoftmaxOptimizeLevel: integer('transformerSoftmaxOptimizeLevel', 0),
  transformerEncoderAdaptiveSeqlen: flag('transformerEncoderAdaptiveSeqlen'),
  quantPostStaticGeluOutThreshold: number('quantPostStaticGeluOutThreshold'),
  quantPostDynamicActivationMethod: integer('quantPostDynamicActivationMethod', 0),
  quantPostDynamicWeightPrecision: integer('quantPostDynamicWeightPrecision', 0),
  quantPostDynamicOpTypes: names('quantPostDynamicOpTypes'),
}

/** Paddle's `DistConfig` (2.6 only): this process among those that share the network. */
export interface DistConfig {
  readonly useDistModel?: boolean | undefined
  readonly nranks?: number | undefined
  readonly rank?: number | undefined
  readonly trainerEndpoints?: readonly string[] | undefined
  readonly currentEndpoint?: string | undefined
  readonly carrierId?: string | undefined
  readonly commInitConfig?: string | undefined
}

const distFields: Fields<DistConfig> = {
  useDistModel: flag('useDistModel'),
  nranks: integer('nranks', 1),
  rank: integer('rank', 0),
  trainerEndpoints: names('trainerEndpoints'),
  currentEndpoint: text('currentEndpoint'),
  carrierId: text('carrierId'),
  commInitConfig: text('commInitConfig'),
}

export function xpuConfig(name: string): Param<XpuConfig> {
  return { name, encode: (value) => ({ $xpuConfig: encodeFields(name, fields, value) }) }
}

export function distConfig(name: string): Param<DistConfig> {
  return { name, encode: (value) => ({ $distConfig: encodeFields(name, distFields, value) }) }
}

function encodeFields(
  name: string,
  known: Readonly<Record<string, Param<unknown>>>,
  value: unknown,
): Record<string, ConfigArgument> {
  if (!isPlainObject(value)) throw wrongType(name, 'an object', value)
  const given = Object.entries(value).filter(([, item]) => item !== undefined)
  return Object.fromEntries(
    given.map(([key, item]) => {
      const field = known[key]
      if (!field) {
        throw new TypeError(`\`${name}\` has no \`${key}\`. It takes ${Object.keys(known).join(', ')}.`)
      }
      return [key, field.encode(item)]
    }),
  )
}
