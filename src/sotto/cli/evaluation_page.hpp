// An evaluation as one HTML page with plots.
#pragma once

#include <sotto/cli/evaluation_report.hpp>

#include <string>

namespace sotto::cli {

[[nodiscard]] std::string to_html(const EvaluationReport& report);

}  // namespace sotto::cli
