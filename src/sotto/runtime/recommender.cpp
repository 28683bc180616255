#include <sotto/base/hash.hpp>
#include <sotto/runtime/recommender.hpp>

#include <algorithm>
#include <utility>

namespace sotto {

Result<std::unique_ptr<Recommender>> Recommender::open(AlignedBuffer<std::byte> file, const InfoReaders& readers,
                                                       const Kernels& kernels) {
  auto model = parse_fixed_model(file.span(), {WeightStorage::in_file, readers});
  if (!model) return std::move(model).error();
  const std::uint64_t fingerprint = xxh64(file.span());
  return std::unique_ptr<Recommender>(new Recommender(std::move(file), std::move(model).value(), fingerprint, kernels));
}

Result<std::unique_ptr<Recommender>> Recommender::open(std::span<const std::byte> file, const Kernels& kernels) {
  AlignedBuffer<std::byte> copy(file.size());
  std::ranges::copy(file, copy.data());
  return open(std::move(copy), read_info, kernels);
}

}  // namespace sotto
