// A log, a split and a model as JSON and in words. Every report shows them in the same way.
#pragma once

#include <sotto/model/spec.hpp>
#include <sotto/report/json.hpp>

#include <cstdint>
#include <string>

namespace sotto::present {

[[nodiscard]] std::string fingerprint_text(std::uint64_t fingerprint);  // 16 hexadecimal digits
[[nodiscard]] report::Json to_json(const LogIdentity& log);
[[nodiscard]] report::Json to_json(const SplitRecord& split);
[[nodiscard]] report::Json to_json(const Architecture& architecture);
[[nodiscard]] report::Json to_json(const TrainingRecord& training);

// "validation NDCG@10 0.2006"; for a binary head "validation accuracy 0.8012".
[[nodiscard]] std::string validation_in_words(const TrainingRecord& training);

// "Embedding 3659 × 64 → LSTM 1 × 64 → tied head, skip connection".
[[nodiscard]] std::string in_words(const Architecture& architecture);

}  // namespace sotto::present
