// Named in vite.config.mjs; the build copies the files beside the page under names made from their contents.
export { default as giftsModel, default as modelAddress } from '#model?url';
export { default as filmsModel } from '#films?url';
