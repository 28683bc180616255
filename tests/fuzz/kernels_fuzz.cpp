// Differential: every tier of the kernels against the reference, on shapes and values that the fuzzer chooses.
#include "../support/kernel_inputs.hpp"

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <vector>

namespace {

using namespace sotto;

// Reads values from the fuzzer's bytes, zeros after their end.
class Bytes {
 public:
  Bytes(const std::uint8_t* data, std::size_t size) : data_(data), size_(size) {}
  std::uint8_t next() { return at_ < size_ ? data_[at_++] : std::uint8_t{0}; }
  std::int32_t next_s32() {
    std::uint32_t value = 0;
    for (int i = 0; i < 4; ++i) value = value << 8 | next();
    return static_cast<std::int32_t>(value);
  }
  // |value| ≤ 2^26.6, what a row of products can give.
  std::int32_t next_sum() { return next_s32() % 101'000'000; }
  std::int32_t next_multiplier() { return (next_s32() & 0x7FFFFFFF) | 1; }

 private:
  const std::uint8_t* data_;
  std::size_t size_;
  std::size_t at_ = 0;
};

template <class Run>
void require_equal(Run run) {
  const auto wanted = run(reference_kernels());
  for (const Kernels* tier : available_kernels()) {
    if (run(*tier) != wanted) std::abort();
  }
}

void compare_products(Bytes& bytes) {
  test::ProductInput in(1 + bytes.next() % 35, column_tile * (1 + bytes.next() % 9), 1 + bytes.next() % 3);
  for (int& down : in.down) down = 16 + bytes.next() % 11;
  for (auto& w : in.weights) w = static_cast<std::int8_t>(bytes.next());
  for (auto& x : in.x) x = bytes.next() & 127;
  for (auto& o : in.offset) o = bytes.next_sum() / 2;
  for (auto& m : in.multiplier) m = bytes.next_multiplier();
  for (auto& b : in.bias) b = bytes.next_s32();
  require_equal([&](const Kernels& kernels) { return test::products(kernels, in); });
}

void compare_steps(Bytes& bytes) {
  test::CellInput in(1 + bytes.next() % 19, 1 + bytes.next() % 15);
  for (auto& s : in.input_sums) s = bytes.next_sum();
  for (auto& s : in.hidden_sums) s = bytes.next_sum();
  for (auto& m : in.input_multiplier) m = bytes.next_multiplier();
  for (auto& m : in.hidden_multiplier) m = bytes.next_multiplier();
  for (auto& b : in.bias) b = bytes.next_s32();
  for (auto& c : in.cell) c = static_cast<std::int16_t>(bytes.next_s32());
  require_equal([&](const Kernels& kernels) { return test::step(kernels, in); });
}

// Factors that a probability, a row's scale and a share can make; sums of float32 are compared bit by bit.
void compare_row_sums(Bytes& bytes) {
  const std::size_t columns = column_tile * (1 + bytes.next() % 9);
  std::vector<std::int8_t> weights((1 + bytes.next() % 19) * columns);
  std::vector<ScaledRow> rows;
  for (std::size_t at = 0; at < weights.size(); at += columns) {
    rows.push_back({weights.data() + at, static_cast<float>(bytes.next_s32()) * 0x1p-31F});
  }
  for (auto& w : weights) w = static_cast<std::int8_t>(bytes.next());
  require_equal([&](const Kernels& kernels) {
    std::vector<float> sums(columns);
    kernels.add_rows_s8(rows, columns, sums.data());
    std::vector<std::uint32_t> bits;
    for (const float sum : sums) bits.push_back(std::bit_cast<std::uint32_t>(sum));
    return bits;
  });
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Bytes bytes(data, size);
  switch (bytes.next() % 3) {
    case 0: compare_products(bytes); break;
    case 1: compare_steps(bytes); break;
    default: compare_row_sums(bytes);
  }
  return 0;
}
