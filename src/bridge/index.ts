export { markExposed, releaseIfTransferred } from './mapped-memory.js'
export { Lane, Region, aligned, runsPerWorker } from './region.js'
export { callOnce } from './one-shot-call.js'
export { memoryInUse } from './system-facts.js'
export { Worker, type LoadedModel } from './worker.js'
export type {
  AskRequest,
  ConfigArgument,
  CreateRequest,
  EffectiveState,
  HookedTensor,
  HookKind,
  InspectReply,
  PlacedTensor,
  ReadConfigRequest,
  RecordedCall,
  RunReply,
  RunRequest,
  TensorInfo,
  Versions,
} from './protocol.js'
export { hasCrashed, oneDnnAdvice } from './worker-errors.js'
export type { Death } from './worker-process.js'
