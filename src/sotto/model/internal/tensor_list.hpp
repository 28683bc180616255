// Collects the tensors of a model file before it is written. Each tensor has a text that explains its role.
#pragma once

#include <sotto/model/count_expert.hpp>
#include <sotto/model/history_term.hpp>
#include <sotto/model/internal/safetensors.hpp>
#include <sotto/model/internal/tensor_names.hpp>
#include <sotto/model/matrix_s4.hpp>
#include <sotto/model/memory_term.hpp>
#include <sotto/model/spec_json.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace sotto {

// The list keeps views. All values that are added must outlive write().
class TensorList {
 public:
  template <class T>
  void add(std::string name, TensorShape shape, const std::vector<T>& values, std::string role) {
    add(std::move(name), std::move(shape), std::span<const T>(values), std::move(role));
  }
  template <class T>
  void add(std::string name, TensorShape shape, std::span<const T> values, std::string role) {
    add_bytes(std::move(name), {type_of<T>(), std::move(shape), std::as_bytes(values)}, std::move(role));
  }
  void add_s4(std::string name, const MatrixS4& matrix, std::string role);

  // Each function adds the tensors of one part. It adds none if the model does not have the part.
  void add_history(const std::optional<HistoryTerm>& term);
  void add_memory(const std::optional<MemoryTerm>& term, std::size_t hidden_dim);
  void add_counts(const std::optional<CountExpert>& expert, std::uint32_t items);

  // Returns the bytes of the whole file. Precondition: it is called once, after all add functions.
  [[nodiscard]] std::vector<std::byte> write(const ModelInfo& info, const std::optional<FixedNumbers>& fixed);

 private:
  void add_bytes(std::string name, TensorView view, std::string role);
  void add_table(const char* name, std::span<const std::int32_t> values, std::string role);

  std::vector<NamedTensor> tensors_;
  std::vector<TensorRole> roles_;
  std::vector<std::uint16_t> narrow_indices_;
};

}  // namespace sotto
