// What has to compile for a user of tensors, and what must not: `npm run check:types` is the test.
import {
  fromHalves,
  tensor,
  toHalves,
  toNested,
  type AllocatedTensor,
  type Feed,
  type Nested,
  type Predictor,
} from '../../src/index.js'

export async function compiles(predictor: Predictor, strings: string[]): Promise<void> {
  const halves = tensor('float16', [2], toHalves('float16', [1, 2]))
  const numbers: Float32Array = fromHalves('bfloat16', halves.data)
  const longs: Nested<bigint> = toNested(tensor('int64', [2], [1, 2n]))
  const feeds: Record<string, Feed> = {
    scalar: 1,
    long: 1n,
    nested: [
      [1, 2],
      [3, 4],
    ],
    mixed: [1, 2n],
    bools: [true, false],
    strings,
    list: { dtype: 'int64', shape: [2], data: [1, 2n] },
    halves,
    numbers: tensor('float32', [2], numbers),
  }
  using allocated: AllocatedTensor<'float32'> = predictor.allocate('x', [1, 3], 'float32')
  allocated.data.fill(0.5)
  using declared: AllocatedTensor = predictor.allocate('x', [1, 3])
  await predictor.run({ ...feeds, allocated, declared, longs })
  const handle = predictor.getInputHandle('x')
  handle.copyFromCpu([[1, 2]])
  handle.copyFromCpu(strings)
  handle.copyFromCpu(allocated)
  handle.shareExternalData(declared)
  handle.shareExternalData(halves)
}

export async function mustNotCompile(predictor: Predictor): Promise<void> {
  // @ts-expect-error the list's elements are not those of the dtype
  tensor('float32', [1], [1n])
  // @ts-expect-error no list of strings
  tensor('float32', [1], ['1'])
  // @ts-expect-error floats are no halves: toHalves
  tensor('float16', [1], new Float32Array(1))
  // @ts-expect-error the array is not that of the dtype
  await predictor.run({ x: { dtype: 'int64', shape: [1], data: new Float64Array(1) } })
  // @ts-expect-error paddle cannot be fed int16
  await predictor.run({ x: { dtype: 'int16', shape: [1], data: new Int16Array(1) } })
  // @ts-expect-error strings are in an array
  await predictor.run({ x: 'hello' })
  // @ts-expect-error float32 has no bigints
  predictor.allocate('x', [1], 'float32').data.fill(1n)
  // @ts-expect-error not a half
  toHalves('float32', [1])
}
