#include <sotto/aggregate/share_opener.hpp>

namespace sotto::aggregate {

Result<privacy::SecretBytes> ShareOpener::open(const sync::ReportMetadata& metadata, sync::ByteSpan public_share,
                                               const sync::HpkeCiphertext& share) {
  if (share.config_id != config_id_) return Error{ErrorCode::mismatch, "the share is sealed for another key"};
  auto aad = sync::input_share_aad(task_.id, task_.configuration, metadata, public_share);
  if (!aad) return std::move(aad).error();
  return hpke_open(keys_, share, info_, *aad);
}

}  // namespace sotto::aggregate
