import { z } from 'zod'

const tensors = z.array(
  z.object({
    name: z.string(),
    dtype: z.enum(['float32', 'float64']),
    shape: z.array(z.int().nonnegative()),
  }),
)

/** The first line: whether all packages are there. */
export const helloForm = z.discriminatedUnion('ok', [
  z.object({ ok: z.literal(true) }),
  z.object({ ok: z.literal(false), module: z.string(), type: z.string(), message: z.string() }),
])

/** The answer to a request; the bytes of the tensors follow it. */
export const answerForm = z.discriminatedUnion('ok', [
  z.object({ ok: z.literal(true), answer: z.array(z.array(z.number().nullable())).optional(), tensors }),
  z.object({ ok: z.literal(false), kind: z.enum(['unreadable', 'failed']), message: z.string(), tensors }),
])
