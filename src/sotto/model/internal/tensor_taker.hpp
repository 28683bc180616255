// Takes tensors out of an opened model file.
#pragma once

#include <sotto/base/result.hpp>
#include <sotto/model/count_expert.hpp>
#include <sotto/model/fixed_model.hpp>
#include <sotto/model/float_model.hpp>
#include <sotto/model/internal/safetensors.hpp>
#include <sotto/model/internal/tensor_names.hpp>
#include <sotto/model/model_file.hpp>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <type_traits>
#include <vector>

namespace sotto {

// Checks the type and shape of each tensor, and its values where a part requires it. It keeps the first error. Values
// that are taken after an error are invalid, so that the reader checks only once, with finish(). `file` must outlive
// it.
class TensorTaker {
 public:
  explicit TensorTaker(const Safetensors& file, WeightStorage storage = WeightStorage::copied)
      : file_(file), storage_(storage) {}

  template <class T>
  std::vector<T> take(const std::string& name, const TensorShape& shape) {
    const TensorView* view = find(name, type_of<T>(), shape);
    if (view == nullptr) return {};
    std::vector<T> values(view->bytes.size() / sizeof(T));
    if (!values.empty()) std::memcpy(values.data(), view->bytes.data(), view->bytes.size());
    if constexpr (std::is_same_v<T, float>) check_finite(name, values);
    return values;
  }
  WeightValues take_weights(const std::string& name, const TensorShape& shape, TensorType type = TensorType::i8);
  // Each multiplier is 1 … max. A multiplier of zero would silence a row, and a negative one would flip it.
  std::vector<std::int32_t> take_multipliers(const std::string& name, std::uint64_t count,
                                             std::int32_t max = std::numeric_limits<std::int32_t>::max());
  MatrixF32 take_f32(const std::string& name, std::uint32_t rows, std::uint32_t cols);
  MatrixS8 take_s8(const std::string& prefix, std::uint32_t rows, std::uint32_t cols);
  MatrixS4 take_s4(const std::string& name, std::uint32_t rows, std::uint32_t cols);

  std::vector<std::uint32_t> take_sketch();
  Catalogue take_catalogue(std::uint32_t items, const InfoReaders& readers);
  // Each function returns nothing if the architecture does not have the part.
  std::optional<HistoryTerm> take_history(const Architecture& architecture);
  std::optional<MemoryTerm> take_memory(const Architecture& architecture);
  std::optional<CountExpert> take_counts(const Architecture& architecture);

  // Returns the first error. It is also an error if the file has tensors that were not taken. Precondition: this is the
  // last call.
  std::optional<Error> finish();

 private:
  // Returns null and records an error if the tensor is missing or has another type or shape.
  const TensorView* find(const std::string& name, TensorType type, const TensorShape& shape);
  void fill(const char* name, std::span<std::int32_t> to);
  void check_counts(const CountExpert& expert, std::uint32_t items);
  void check_padding(const std::string& name, const MatrixS4& matrix);
  void check_finite(const std::string& name, const std::vector<float>& values);
  void fail(ErrorCode code, std::string detail);

  const Safetensors& file_;
  WeightStorage storage_;
  std::size_t taken_ = 0;
  std::optional<Error> error_;
};

}  // namespace sotto
