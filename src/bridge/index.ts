export { markExposed, releaseIfTransferred } from './mapped-memory.js'
export { Lane, Region, aligned, runsPerWorker } from './region.js'
export { callOnce } from './one-shot-call.js'
export { memoryInUse } from './system-facts.js'
export { Worker, type LoadedModel } from './worker.js'
export type {
  ConfigArgument,
  CreateRequest,
  EffectiveState,
  RecordedCall,
  TensorInfo,
} from './protocol/control.js'
export type {
  AskRequest,
  HookedTensor,
  HookKind,
  PlacedTensor,
  RunReply,
  RunRequest,
} from './protocol/runs.js'
export type { InspectReply, ReadConfigRequest, Versions } from './protocol/one-shot.js'
export { hasCrashed, mayLackMemory, oneDnnAdvice } from './worker-errors.js'
export type { Death } from './worker-process.js'
