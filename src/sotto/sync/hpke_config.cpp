#include <sotto/sync/hpke_config.hpp>

#include <sotto/sync/internal/messages.hpp>

namespace sotto::sync {
namespace {

constexpr std::size_t min_config_list_bytes = 10;

}  // namespace

void read(WireReader& reader, HpkeConfig& config) {
  config.id = reader.u8("an HPKE configuration's id");
  config.kem_id = reader.u16("kem_id");
  config.kdf_id = reader.u16("kdf_id");
  config.aead_id = reader.u16("aead_id");
  config.public_key = reader.opaque_copy(2, 1, "public_key");
}

void write(WireWriter& writer, const HpkeConfig& config) {
  writer.u8(config.id);
  writer.u16(config.kem_id);
  writer.u16(config.kdf_id);
  writer.u16(config.aead_id);
  writer.opaque(config.public_key, 2, 1, "public_key");
}

void read(WireReader& reader, HpkeConfigList& list) {
  read_list(reader, list.configs, 2, min_config_list_bytes, "the list of HPKE configurations");
}

void write(WireWriter& writer, const HpkeConfigList& list) {
  write_list(writer, list.configs, 2, min_config_list_bytes, "the list of HPKE configurations");
}

void read(WireReader& reader, HpkeCiphertext& ciphertext) {
  ciphertext.config_id = reader.u8("config_id");
  ciphertext.enc = reader.opaque_copy(2, 1, "enc");
  ciphertext.payload = reader.opaque_copy(4, 1, "an HPKE ciphertext's payload");
}

void write(WireWriter& writer, const HpkeCiphertext& ciphertext) {
  writer.u8(ciphertext.config_id);
  writer.opaque(ciphertext.enc, 2, 1, "enc");
  writer.opaque(ciphertext.payload, 4, 1, "an HPKE ciphertext's payload");
}

Result<HpkeConfig> HpkeConfig::decode(ByteSpan bytes) { return decode_whole<HpkeConfig>(bytes, "HpkeConfig"); }
Result<Bytes> HpkeConfig::encode() const { return encode_whole(*this); }

Result<HpkeConfigList> HpkeConfigList::decode(ByteSpan bytes) {
  return decode_whole<HpkeConfigList>(bytes, "HpkeConfigList");
}
Result<Bytes> HpkeConfigList::encode() const { return encode_whole(*this); }

Result<HpkeCiphertext> HpkeCiphertext::decode(ByteSpan bytes) {
  return decode_whole<HpkeCiphertext>(bytes, "HpkeCiphertext");
}
Result<Bytes> HpkeCiphertext::encode() const { return encode_whole(*this); }

}  // namespace sotto::sync
