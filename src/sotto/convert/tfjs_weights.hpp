// The weights of a TensorFlow.js model: a manifest in model.json, and the bytes in shards next to it.
#pragma once

#include <sotto/base/result.hpp>
#include <sotto/convert/float_tensor.hpp>
#include <sotto/convert/json_fields.hpp>

#include <cstddef>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sotto::convert {

// Returns the bytes of a file in the folder of model.json. The path is relative and does not lead out of the folder.
// Errors name the file.
using ReadShard = std::function<Result<std::vector<std::byte>>(const std::string& path)>;

class TfjsWeights {
 public:
  // `manifest` is model.json's weightsManifest. Reads all shards.
  [[nodiscard]] static Result<TfjsWeights> read(const Json& manifest, const ReadShard& read_shard);

  // The names of the weights, ascending.
  [[nodiscard]] std::vector<std::string_view> names() const;
  // Returns the weight with that name and exactly that shape. The name is one of names(). Weights that were quantized
  // for the download are restored as TensorFlow.js restores them.
  [[nodiscard]] Result<FloatTensor> load(std::string_view name, const TensorShape& shape) const;

 private:
  enum class Storage { float32, float16, uint8, uint16, other };
  struct Weight {
    TensorShape shape;
    Storage storage = Storage::other;
    std::string dtype;  // as in the manifest
    double scale = 1;  // value = stored · scale + min, for uint8 and uint16
    double min = 0;
    std::size_t group = 0;  // in groups_
    std::size_t offset = 0;  // in the group's bytes
    std::size_t count = 0;  // number of values
  };

  Status read_group(const Json& group, const ReadShard& read_shard);
  static Result<std::size_t> describe(const Json& entry, const std::string& where, Weight& weight);

  std::vector<std::vector<std::byte>> groups_;  // each group's shards one after the other
  std::map<std::string, Weight, std::less<>> weights_;
};

}  // namespace sotto::convert
