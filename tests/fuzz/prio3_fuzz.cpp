// Every decoder of Prio3Histogram on arbitrary bytes: input shares, public shares, verifier shares, messages and
// aggregate shares. The first two bytes choose the parameters and the decoder.
#include <sotto/privacy/prio3_histogram.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <span>
#include <vector>

namespace {

using namespace sotto;
using namespace sotto::privacy;

void require(bool condition) {
  if (!condition) std::abort();
}

void read_as(const Prio3Histogram& vdaf, unsigned decoder, std::span<const std::byte> bytes) {
  const std::array<std::byte, prio3_verify_key_bytes> key{};
  const std::array<std::byte, prio3_nonce_bytes> nonce{};
  switch (decoder) {
    case 0:
    case 1: {
      const Party party = decoder == 0 ? Party::leader : Party::helper;
      // The public share, then the input share.
      const std::size_t split = std::min(bytes.size(), vdaf.public_share_bytes());
      auto result = vdaf.start_verification(party, key, {}, nonce, bytes.first(split), bytes.subspan(split));
      if (!result) return;
      require(bytes.size() == split + vdaf.input_share_bytes(party));
      require(result->verifier_share.size() == vdaf.verifier_share_bytes());
      break;
    }
    case 2: {
      const std::size_t half = bytes.size() / 2;
      const auto message = vdaf.combine({}, bytes.first(half), bytes.subspan(half));
      if (message.ok()) require(half == vdaf.verifier_share_bytes());
      break;
    }
    case 3: {
      auto share = AggregateShare::decode(bytes, vdaf.length());
      if (!share) return;
      const auto encoded = share->encode();
      require(std::equal(encoded.begin(), encoded.end(), bytes.begin(), bytes.end()));
      (void)unshard(*share, AggregateShare{vdaf.length()}, 100);
      (void)unshard_signed(*share, AggregateShare{vdaf.length()});
      break;
    }
    default: (void)vdaf.finish({std::vector<Field128>(vdaf.length()), {}}, bytes);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  const auto vdaf = Prio3Histogram::create(1 + data[0] % 16, 1 + data[0] / 16);
  if (!vdaf) return 0;
  read_as(*vdaf, data[1] % 5, std::as_bytes(std::span{data + 2, size - 2}));
  return 0;
}
