// The name that the versions of a model share: what is stored of a user is kept under it.

/**
 * The lineage that a model file states (docs/format.md); '' where it states none, and for bytes that are no model file,
 * which the core refuses later.
 */
export function lineageOf(bytes: Uint8Array): string {
  try {
    const headerSize = Number(new DataView(bytes.buffer, bytes.byteOffset, 8).getBigUint64(0, true));
    const header = JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + headerSize)));
    const { lineage } = JSON.parse(header.__metadata__.sotto);
    return typeof lineage === 'string' ? lineage : '';
  } catch {
    return '';
  }
}
