#include <sotto/present/conversion_report.hpp>
#include <sotto/present/provenance.hpp>
#include <sotto/present/words.hpp>

#include <fmt/format.h>

namespace sotto::present {

using report::Json;

std::string to_text(const QuantizationReport& report) {
  return fmt::format("{}\nfixed-point model: {} ({}), from {} ({})\n", in_words(report.architecture), report.model_file,
                     bytes_in_words(report.model_bytes), report.float_model_file,
                     bytes_in_words(report.float_model_bytes));
}

std::string to_text(const ExtensionReport& report) {
  return fmt::format(
      "{} items added, {} of them in categories that the model knows; {} in all\nfixed-point model: {} ({}), from {}\n",
      report.added, report.with_category, report.items, report.model_file, bytes_in_words(report.model_bytes),
      report.source_file);
}

std::string to_text(const ImportReport& report) {
  return fmt::format("{}\nfloat model: {} ({}), from {} ({}, {})\n", in_words(report.architecture), report.model_file,
                     bytes_in_words(report.model_bytes), report.source_file, report.format, report.made_by);
}

std::string to_text(const ExportReport& report) {
  return fmt::format("{}\n{}: {} ({}), from {}\n", in_words(report.architecture), report.format, report.state_dict_file,
                     bytes_in_words(report.state_dict_bytes), report.model_file);
}

Json to_json(const QuantizationReport& report) {
  return Json::object({{"model", report.model_file},
                       {"model_bytes", report.model_bytes},
                       {"float_model", report.float_model_file},
                       {"float_model_bytes", report.float_model_bytes},
                       {"head_bits", report.head_bits},
                       {"architecture", to_json(report.architecture)}});
}

Json to_json(const ExtensionReport& report) {
  return Json::object({{"model", report.model_file},
                       {"model_bytes", report.model_bytes},
                       {"source", report.source_file},
                       {"items", report.items},
                       {"added", report.added},
                       {"with_known_category", report.with_category}});
}

Json to_json(const ImportReport& report) {
  return Json::object({{"model", report.model_file},
                       {"model_bytes", report.model_bytes},
                       {"source", report.source_file},
                       {"format", report.format},
                       {"made_by", report.made_by},
                       {"architecture", to_json(report.architecture)},
                       {"padding_rows_left_out", report.padding_rows},
                       {"notes", Json::array_of(report.notes)}});
}

Json to_json(const ExportReport& report) {
  return Json::object({{"state_dict", report.state_dict_file},
                       {"state_dict_bytes", report.state_dict_bytes},
                       {"format", report.format},
                       {"model", report.model_file},
                       {"architecture", to_json(report.architecture)},
                       {"dropped", Json::array_of(report.dropped)}});
}

}  // namespace sotto::present
