// What became of the reports of one aggregation job.
import { idBytes } from './report';

export interface Outcome {
  readonly accepted: number;
  /** Why each report was refused that was, by the protocol's names. */
  readonly refusals: readonly string[];
}

/** Reads the outcome at the front of the module's output; the rest is a message for the other side. */
export function readOutcome(output: Uint8Array<ArrayBuffer>): { outcome: Outcome; message: Uint8Array<ArrayBuffer> } {
  const view = new DataView(output.buffer, output.byteOffset, output.byteLength);
  const accepted = view.getUint32(0, true);
  const refused = view.getUint32(4, true);
  const entryBytes = 1 + idBytes;
  const refusals = Array.from({ length: refused }, (_, place) => refusalName(view.getUint8(8 + place * entryBytes)));
  return { outcome: { accepted, refusals }, message: output.slice(8 + refused * entryBytes) };
}

const errorNames: ReadonlyMap<number, string> = new Map([
  [2, 'report_replayed'],
  [6, 'vdaf_verify_error'],
]);

function refusalName(error: number): string {
  return errorNames.get(error) ?? `error ${error}`;
}
