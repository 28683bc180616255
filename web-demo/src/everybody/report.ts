// A device's report: one choice in two halves.

export interface Report {
  readonly id: Uint8Array<ArrayBuffer>;
  readonly publicShare: Uint8Array<ArrayBuffer>;
  readonly leaderShare: Uint8Array<ArrayBuffer>;
  readonly helperShare: Uint8Array<ArrayBuffer>;
}

/** The slots of a report; slot 0 says "nothing". */
export const slotCount = 4096;
export const idBytes = 16;
/** What making a report takes from the generator. */
export const reportRandomBytes = 128;

const publicShareBytes = 64;
const helperShareBytes = 64;

/** The parts of what the module made. */
export function reportOf(id: Uint8Array<ArrayBuffer>, shares: Uint8Array<ArrayBuffer>): Report {
  const helperBegin = shares.length - helperShareBytes;
  return {
    id,
    publicShare: shares.slice(0, publicShareBytes),
    leaderShare: shares.slice(publicShareBytes, helperBegin),
    helperShare: shares.slice(helperBegin),
  };
}
