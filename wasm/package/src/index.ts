export type { WithId } from './arguments.js';
export type { BackupOptions } from './backup_client.js';
export type { ByteSource, FileRequest, FileSource } from './byte_source.js';
export { encryptedStore } from './encrypted_store.js';
export { SottoError, type SottoErrorCode } from './errors.js';
export type { Feedback, FeedbackKind, FeedbackWeights } from './feedback.js';
export { indexedDbStore } from './indexed_db_store.js';
export type { ItemFilter } from './item_filter.js';
export type { Learned, LearnedCategory, LearnedItem, LearningRecord } from './learned.js';
export { memoryStore } from './memory_store.js';
export type { LoadProgress } from './model_download.js';
export type { Item, ModelInfo } from './model_file.js';
export type { WasmSource } from './module_loader.js';
export type { Moment } from './moment.js';
export type { Snapshot, SnapshotListener } from './observation.js';
export type { OpenOptions } from './open_options.js';
export type { ReadableState } from './readable_state.js';
export { Recommender } from './recommender.js';
export type {
  HiddenItem,
  PastEvent,
  Reason,
  Reasons,
  Recommendation,
  RecommendOptions,
  RestoredBackup,
  TimedEvent,
  TrendReason,
} from './results.js';
export type { StateStore, UpdateOptions } from './state_store.js';
export { type StoredState, UnreadableRecord } from './stored_record.js';
export type { Trend, TrendEntry } from './trend.js';
