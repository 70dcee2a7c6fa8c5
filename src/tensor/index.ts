export { dtypes, dtypeNames, isDType, type DataOf, type DType, type TensorData } from './dtype.js'
export {
  arrayTypeOf,
  checkData,
  checkDType,
  checkLod,
  checkShape,
  elementCount,
  tensor,
  type Lod,
  type Tensor,
} from './tensor.js'
export { dtypeOfArray, fromNdArray, isNdArray, toNdArray, type NdArrayData } from './ndarray.js'
