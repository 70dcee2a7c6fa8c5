import { type Form, anyText, boolean, count, text } from '../../options/index.js'

/** The arguments of `enableXpu` by name, with paddle's defaults. */
export interface XpuArguments {
  /** In bytes. @default 16777216 */
  readonly l3Size?: number | undefined
  /** @default false */
  readonly l3Locked?: boolean | undefined
  /** @default false */
  readonly convAutotune?: boolean | undefined
  /** @default '' */
  readonly convAutotuneFile?: string | undefined
  /** @default 'int16' */
  readonly transformerEncoderPrecision?: string | undefined
  /** @default false */
  readonly transformerEncoderAdaptiveSeqlen?: boolean | undefined
  /** @default false */
  readonly enableMultiStream?: boolean | undefined
}

export const xpuForm: Form<XpuArguments> = {
  l3Size: count(0),
  l3Locked: boolean,
  convAutotune: boolean,
  convAutotuneFile: { ...anyText, type: 'path' },
  transformerEncoderPrecision: text,
  transformerEncoderAdaptiveSeqlen: boolean,
  enableMultiStream: boolean,
}
