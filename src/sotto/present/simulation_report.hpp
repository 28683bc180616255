// The result of 'sotto simulate' as text for a terminal, as JSON and as one HTML page with plots.
#pragma once

#include <sotto/evaluate/admission.hpp>
#include <sotto/model/spec.hpp>
#include <sotto/report/json.hpp>
#include <sotto/simulate/simulation.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace sotto::present {

struct SimulatedModel {
  std::string file;
  std::uint64_t fingerprint = 0;
};

struct SimulationReport {
  std::vector<SimulatedModel> models;
  Architecture architecture;  // of the first model, like the training
  TrainingRecord training;
  LogIdentity log;
  evaluate::Admission admission;
  simulate::SimulationOptions options;
  std::string command;  // the command line that gives the same report again
  std::string html_file;  // where the page is written; empty without one
  simulate::Simulation simulation;
  double seconds = 0;
};

[[nodiscard]] report::Json to_json(const SimulationReport& report);
[[nodiscard]] std::string to_text(const SimulationReport& report);
[[nodiscard]] std::string to_html(const SimulationReport& report);

// Whether private sync is worth it on this log, and at which number of devices: some sentences for the operator.
[[nodiscard]] std::string answer(const SimulationReport& report);

// "+12.3 %".
[[nodiscard]] std::string signed_percent(double percent);

// What was simulated: devices, events, items, slots.
[[nodiscard]] std::string setting_in_words(const SimulationReport& report);

}  // namespace sotto::present
