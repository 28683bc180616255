// A log, a split and a model's facts as JSON, the same in every subcommand's output.
#pragma once

#include <sotto/cli/console.hpp>
#include <sotto/model/spec.hpp>

#include <cstdint>
#include <string>

namespace sotto::cli {

[[nodiscard]] std::string fingerprint_text(std::uint64_t fingerprint);  // 16 hexadecimal digits
[[nodiscard]] Json to_json(const LogIdentity& log);
[[nodiscard]] Json to_json(const SplitRecord& split);
[[nodiscard]] Json to_json(const Architecture& architecture);
[[nodiscard]] Json to_json(const TrainingRecord& training);

// "validation NDCG@10 0.2006", or of a binary head "validation accuracy 0.8012".
[[nodiscard]] std::string validation_in_words(const TrainingRecord& training);

// "Embedding 3659 × 64 → LSTM 1 × 64 → tied head with a skip connection".
[[nodiscard]] std::string in_words(const Architecture& architecture);

}  // namespace sotto::cli
