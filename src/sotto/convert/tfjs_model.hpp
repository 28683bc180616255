// Reads a TensorFlow.js layers model: model.json with the topology in Keras's terms, and weight shards next to it.
#pragma once

#include <sotto/base/result.hpp>
#include <sotto/convert/imported_model.hpp>
#include <sotto/convert/tfjs_weights.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace sotto::convert {

// The paths of the shards that model.json names, relative to it. A text that is not such a file names none.
[[nodiscard]] std::vector<std::string> tfjs_shards(std::string_view model_json);

[[nodiscard]] Result<ImportedModel> import_tfjs_model(std::string_view model_json, const ReadShard& read_shard);

}  // namespace sotto::convert
