// Named in vite.config.mjs, as the model is.
export { default as aggregateAddress } from '#aggregate?url';
