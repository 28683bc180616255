// Named in vite.config.mjs; the build copies the file beside the page under a name made from its contents.
export { default as modelAddress } from '#model?url';
