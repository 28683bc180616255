export { Recommender, type WorkerOptions } from './recommender.js';
export type { WorkerStore } from './messages.js';
