// What learning has changed, in words that both shown lists bear out: "More lunch bags (5 of 8, not 2)."

import { capitalized } from './capitalized';

/** A product of a list, as far as the sentence speaks of it. */
export interface Listed {
  readonly id: string;
  /** In the plural. */
  readonly kind: string | undefined;
}

const maxNamed = 2;
/** A change by one product is named when no kind changed by more, and then alone. */
const largeChange = 2;

/** How many products of a kind the lists have. */
interface Change {
  readonly kind: string;
  readonly everybodys: number;
  readonly yours: number;
}

/**
 * A sentence, or nothing where the lists have the same kinds. "Fewer" is said of a kind only when yours has nothing of it that
 * everybody's lacks: no row may look as if it spoke against the sentence.
 */
export function learnedInWords(everybodys: readonly Listed[], yours: readonly Listed[]): string {
  const more = changes(everybodys, yours)
    .filter((change) => gain(change) > 0)
    .sort((a, b) => gain(b) - gain(a));
  const fewer = changes(yours, everybodys)
    .map(({ kind, everybodys: after, yours: before }) => ({ kind, everybodys: before, yours: after }))
    .filter((change) => gain(change) < 0 && !hasNew(change.kind, everybodys, yours))
    .sort((a, b) => gain(a) - gain(b));
  const parts = [named('more', more), named('fewer', fewer)].filter((part) => part !== '');
  const sentence = parts.join(', ');
  return sentence === '' ? '' : `${capitalized(sentence)}.`;
}

/** By each kind of the second list, in its order. */
function changes(everybodys: readonly Listed[], yours: readonly Listed[]): Change[] {
  return kindsIn(yours).map((kind) => ({
    kind,
    everybodys: ofKind(everybodys, kind).length,
    yours: ofKind(yours, kind).length,
  }));
}

function hasNew(kind: string, everybodys: readonly Listed[], yours: readonly Listed[]): boolean {
  const before = ofKind(everybodys, kind);
  return ofKind(yours, kind).some((id) => !before.includes(id));
}

function kindsIn(list: readonly Listed[]): string[] {
  return [...new Set(list.map(({ kind }) => kind))].filter((kind) => kind !== undefined);
}

function ofKind(list: readonly Listed[], kind: string): string[] {
  return list.filter((listed) => listed.kind === kind).map(({ id }) => id);
}

function gain({ everybodys, yours }: Change): number {
  return yours - everybodys;
}

/** changes: the largest first. */
function named(change: string, changes: readonly Change[]): string {
  const large = changes.filter((each) => Math.abs(gain(each)) >= largeChange);
  const told = large.length > 0 ? large.slice(0, maxNamed) : changes.slice(0, 1);
  return told.length === 0
    ? ''
    : `${change} ${told.map(({ kind, everybodys, yours }) => `${kind} (${yours}, not ${everybodys})`).join(' and ')}`;
}
