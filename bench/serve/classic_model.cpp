// Writes the classic model as a file: Embedding 10,000 × 16, two LSTM layers of 128, softmax over 10,000, with weights
// from a seed. load.sh serves it. Argument: FILE.
#include <sotto/measure/generated_model.hpp>
#include <sotto/model/model_file.hpp>

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <vector>

int main(int count, char** arguments) {
  if (count != 2) {
    std::fputs("usage: classic_model FILE\n", stderr);
    return 2;
  }
  constexpr std::uint64_t seed = 1;
  const std::vector<std::byte> bytes =
      sotto::serialize(sotto::measure::generated_model(sotto::measure::classic_architecture, seed));
  std::FILE* file = std::fopen(arguments[1], "wb");
  const bool was_written = file != nullptr && std::fwrite(bytes.data(), 1, bytes.size(), file) == bytes.size();
  if (file == nullptr || std::fclose(file) != 0 || !was_written) {
    std::perror(arguments[1]);
    return 1;
  }
  return 0;
}
