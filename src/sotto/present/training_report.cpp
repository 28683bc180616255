#include <sotto/present/check_report.hpp>
#include <sotto/present/provenance.hpp>
#include <sotto/present/training_report.hpp>
#include <sotto/present/words.hpp>

#include <fmt/format.h>

namespace sotto::present {

using report::Json;

std::string to_text(const TrainingReport& report) {
  const TrainingRecord& training = report.training;
  std::string text =
      fmt::format("{}\ntrained on {} events of {} users in {}, {} epochs kept\npeak memory {}\n",
                  in_words(report.architecture), training.split.training_events, training.log.users,
                  seconds_in_words(training.seconds), training.epochs, bytes_in_words(report.peak_memory_bytes));
  if (training.split.validation_targets > 0) {
    text += fmt::format("{} over {} targets{}\n", validation_in_words(training), training.split.validation_targets,
                        training.split.validation_trained ? ", then trained on them, too" : "");
  }
  return text + fmt::format("fixed-point model: {} ({})\nfloat model: {} ({})\n", report.model_file,
                            bytes_in_words(report.model_bytes), report.float_model_file,
                            bytes_in_words(report.float_model_bytes));
}

Json to_json(const TrainingReport& report) {
  return Json::object({{"model", report.model_file},
                       {"model_bytes", report.model_bytes},
                       {"float_model", report.float_model_file},
                       {"float_model_bytes", report.float_model_bytes},
                       {"interrupted", report.interrupted},
                       {"rows", to_json(report.rows)},
                       {"architecture", to_json(report.architecture)},
                       {"seconds", report.training.seconds},
                       {"peak_memory_bytes", report.peak_memory_bytes},
                       {"training", to_json(report.training)}});
}

}  // namespace sotto::present
