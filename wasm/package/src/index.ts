export type { ByteSource } from './byte_source.js';
export { SottoError, type SottoErrorCode } from './errors.js';
export { indexedDbStore } from './indexed_db_store.js';
export type { ItemFilter } from './item_filter.js';
export { memoryStore } from './memory_store.js';
export type { Item, ModelInfo } from './model_file.js';
export type { WasmSource } from './module_loader.js';
export { type OpenOptions, type Reason, type Recommendation, type RecommendOptions, Recommender, historyLimit } from './recommender.js';
export { type StateStore, type StoredState, UnreadableRecord } from './state_store.js';
