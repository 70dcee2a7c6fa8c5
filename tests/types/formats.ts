// What has to compile for a user of the module functions, and what must not: `npm run check:types` is the test.
import { convertToMixedPrecision, getNumBytesOfDataType, getVersion, inspectModel } from '../../src/index.js'

export async function compiles(): Promise<readonly unknown[]> {
  const { writtenBy, operators } = await inspectModel('model', {
    params: 'p',
    timeoutMs: 1,
    python: 'python3',
  })
  const count: number | undefined = operators['conv2d']
  const version: string | undefined = writtenBy
  const bytes: number = getNumBytesOfDataType('float16') + getNumBytesOfDataType('BFLOAT16')
  const { files } = await convertToMixedPrecision({ model: 'model', outputDir: 'out', precision: 'fp16' })
  return [count, version, bytes, ...files]
}

export async function mustNotCompile(): Promise<string> {
  // @ts-expect-error no such precision
  await convertToMixedPrecision({ model: 'model', outputDir: 'out', precision: 'fp8' })
  // @ts-expect-error no folder to write into
  await convertToMixedPrecision({ model: 'model', precision: 'fp16' })
  // @ts-expect-error no such dtype
  getNumBytesOfDataType('Float32')
  // @ts-expect-error a forgotten await
  const version: string = getVersion()
  return version
}
