// The results of 'sotto quantize', 'sotto extend', 'sotto import' and 'sotto export' as text for a terminal and as
// JSON: one model file made from another.
#pragma once

#include <sotto/model/spec.hpp>
#include <sotto/report/json.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace sotto::present {

struct QuantizationReport {
  std::string model_file;
  std::uint64_t model_bytes = 0;
  std::string float_model_file;
  std::uint64_t float_model_bytes = 0;
  int head_bits = 8;
  Architecture architecture;
};

struct ExtensionReport {
  std::string model_file;
  std::uint64_t model_bytes = 0;
  std::string source_file;
  std::uint32_t items = 0;  // after the extension
  std::uint32_t added = 0;
  std::uint32_t with_category = 0;  // added items whose category the model knows
};

struct ImportReport {
  std::string model_file;
  std::uint64_t model_bytes = 0;
  std::string source_file;
  std::string format;
  std::string made_by;  // the tool that wrote the source, such as "Keras 3.15.1"
  Architecture architecture;
  std::uint32_t padding_rows = 0;  // rows of the source that were padding and are left out
  std::vector<std::string> notes;
};

struct ExportReport {
  std::string state_dict_file;
  std::uint64_t state_dict_bytes = 0;
  std::string format;
  std::string model_file;
  Architecture architecture;
  std::vector<std::string> dropped;  // parts of the model that were left out
};

[[nodiscard]] std::string to_text(const QuantizationReport& report);
[[nodiscard]] std::string to_text(const ExtensionReport& report);
[[nodiscard]] std::string to_text(const ImportReport& report);
[[nodiscard]] std::string to_text(const ExportReport& report);

[[nodiscard]] report::Json to_json(const QuantizationReport& report);
[[nodiscard]] report::Json to_json(const ExtensionReport& report);
[[nodiscard]] report::Json to_json(const ImportReport& report);
[[nodiscard]] report::Json to_json(const ExportReport& report);

}  // namespace sotto::present
