// Sealing for one aggregator (RFC 9180, base mode), by WebCrypto. scripts/bundle_hpke.mjs puts the library into this file.
import { Aes128Gcm, CipherSuite, DhkemX25519HkdfSha256, HkdfSha256 } from '@hpke/core';
import type { SealedShare } from './module.js';
import type { HpkeConfig } from './wire.js';

const suite = new CipherSuite({ kem: new DhkemX25519HkdfSha256(), kdf: new HkdfSha256(), aead: new Aes128Gcm() });

type Bytes = Uint8Array<ArrayBuffer>;

export async function seal({ id, publicKey }: HpkeConfig, info: Bytes, aad: Bytes, share: Bytes): Promise<SealedShare> {
  const recipientPublicKey = await suite.kem.deserializePublicKey(publicKey);
  const { enc, ct } = await suite.seal({ recipientPublicKey, info }, share, aad);
  return { config: id, enc: new Uint8Array(enc), payload: new Uint8Array(ct) };
}
