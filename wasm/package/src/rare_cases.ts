// What few visits need, in one part of its own: errors at opening and what is done about them, files that are no addresses'
// answers, and what other versions of the model or other releases have stored. Use it through `rareCases` of on_demand.ts.
export { compileBytes } from './compile_bytes.js';
export { readFromDisk } from './disk.js';
export { refuseForeignFile } from './foreign_file.js';
export { notHashable, requireHash } from './model_hash.js';
export { cannotRun, notBeside, notInstantiated, otherModule } from './module_errors.js';
export { addOtherVersion, carriedOver, carriedOverWarning } from './other_version.js';
export { copyAside, damageWarning, unsoundPart, unsoundRecord, unsoundState } from './set_aside.js';
export { notKept, notUsable } from './store_warnings.js';
