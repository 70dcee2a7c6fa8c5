/** Paddle's names for the precisions (`paddle.inference.PrecisionType`). */
export const PrecisionType = {
  Float32: 'Float32',
  Int8: 'Int8',
  Half: 'Half',
  Bfloat16: 'Bfloat16',
} as const

/** One of paddle's precisions. */
export type PrecisionType = (typeof PrecisionType)[keyof typeof PrecisionType]
