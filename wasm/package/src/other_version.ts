// States of other versions of the model, whose items have other indices. Few visits meet one.
import type { Catalogue } from './catalogue.js';
import type { Engine } from './engine.js';
import { SottoError } from './errors.js';
import type { StoredState } from './stored_record.js';

/** A state on some version of some model. */
export type ForeignState = Pick<StoredState, 'fingerprint' | 'state' | 'names'>;

/**
 * Adds a state to the user's. Where nothing is known yet it takes the state's place; events may then wait to be learned
 * from. Returns how many of the state's items are known here.
 */
export function addOtherVersion(other: ForeignState, engine: Engine, catalogue: Catalogue, isBlank: boolean): number {
  const pairs = itemPairs(other, catalogue);
  if (isBlank) engine.carryOverState(other.state, pairs);
  else if (pairs.length > 0) engine.mergeState(carriedOver(other, engine, catalogue));
  return pairs.length;
}

/** The warning that a state was carried over, with so many items. */
export function carriedOverWarning(items: number): SottoError {
  return new SottoError(
    'state_carried_over',
    'The stored state was of another version of the model: it was carried over, with the ' +
      `${items} items that both know. Nothing needs to be done.`,
  );
}

/**
 * A state as one of this version. The user's own state is the same afterwards.
 *
 * @throws SottoError `mismatch` where the two have no item in common
 */
export function carriedOver(other: ForeignState, engine: Engine, catalogue: Catalogue): Uint8Array {
  const pairs = itemPairs(other, catalogue);
  if (pairs.length === 0 && other.names.length > 0) {
    throw new SottoError(
      'mismatch',
      'The state is of another model, which shares none of the items that it knows with this one.',
    );
  }
  const own = engine.exportState();
  try {
    engine.carryOverState(other.state, pairs);
    while (engine.relearn() > 0);
    return engine.exportState();
  } finally {
    engine.importState(own);
  }
}

/** The items that a state knows, in this version, ascending by their index there. */
function itemPairs({ names }: ForeignState, catalogue: Catalogue): [theirs: number, ours: number][] {
  return names
    .flatMap(([theirs, id]): [number, number][] => {
      const ours = catalogue.indexOf(id);
      return ours === undefined ? [] : [[theirs, ours]];
    })
    .sort(([one], [other]) => one - other);
}
