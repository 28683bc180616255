// The models in fixtures/ that Keras, TensorFlow.js and PyTorch made, and whether an imported model says what the
// original said.
#pragma once

#include <sotto/data/files.hpp>
#include <sotto/model/float_model.hpp>
#include <sotto/runtime/float_session.hpp>

#include <nlohmann/json.hpp>

#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

namespace sotto::test {

inline std::filesystem::path fixture(const std::string& name) {
  const char* source = std::getenv("SOTTO_SOURCE_DIR");
  REQUIRE(source != nullptr);
  return std::filesystem::path(source) / "tests/convert/fixtures" / name;
}

inline std::vector<std::byte> fixture_bytes(const std::string& name) {
  auto bytes = data::read_file(fixture(name));
  REQUIRE(bytes.ok());
  return *std::move(bytes);
}

inline nlohmann::json fixture_json(const std::string& name) {
  const auto bytes = fixture_bytes(name);
  const auto* text = reinterpret_cast<const char*>(bytes.data());
  auto json = nlohmann::json::parse(text, text + bytes.size(), nullptr, false);
  REQUIRE_FALSE(json.is_discarded());
  return json;
}

inline std::vector<double> softmax(std::vector<double> logits) {
  const double most = *std::ranges::max_element(logits);
  double sum = 0;
  for (double& v : logits) sum += v = std::exp(v - most);
  for (double& v : logits) v /= sum;
  return logits;
}

// The largest difference between what the model says and what the fixture's original said, over all prefixes of its
// sequences and all items: of logits or of probabilities, whichever the original puts out. Of an original with padding
// the outputs for it are left out, and the probabilities of the rest brought to a sum of 1.
inline double largest_difference(const FloatModel& model, const nlohmann::json& expected) {
  const auto kind = expected["output"].get<std::string>();
  const auto first_item = expected["first_item"].get<std::uint32_t>();
  FloatSession session(model.weights);
  double worst = 0;
  for (const auto& one_case : expected["cases"]) {
    session.reset();
    for (std::size_t step = 0; step < one_case["items"].size(); ++step) {
      const ItemIndex item = one_case["items"][step].get<std::uint32_t>() - first_item;
      auto original = one_case["outputs"][step].get<std::vector<double>>();
      std::vector<double> ours;
      if (kind == "candidate_probability") {
        ours = {1 / (1 + std::exp(-double{session.candidate_score(item)}))};
        session.observe(item);
      } else {
        session.observe(item);
        std::vector<float> scores(model.info.architecture.items);
        session.scores(scores);
        ours.assign(scores.begin(), scores.end());
        original.erase(original.begin(), original.begin() + first_item);
      }
      if (kind == "probabilities") {
        ours = softmax(std::move(ours));
        double sum = 0;
        for (const double p : original) sum += p;
        for (double& p : original) p /= sum;
      }
      REQUIRE(ours.size() == original.size());
      for (std::size_t i = 0; i < ours.size(); ++i) worst = std::max(worst, std::abs(ours[i] - original[i]));
    }
  }
  return worst;
}

}  // namespace sotto::test
