#include <sotto/base/hash.hpp>
#include <sotto/model/model_file.hpp>
#include <sotto/runtime/recommender.hpp>

#include <utility>

namespace sotto {

Result<std::unique_ptr<Recommender>> Recommender::open(std::span<const std::byte> file, const Kernels& kernels) {
  auto model = parse_fixed_model(file);
  if (!model) return std::move(model).error();
  return std::unique_ptr<Recommender>(new Recommender(std::move(model).value(), xxh64(file), kernels));
}

}  // namespace sotto
