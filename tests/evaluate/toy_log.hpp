// Logs of one-letter items, for figures that can be checked by hand.
#pragma once

#include <sotto/data/read_interactions.hpp>

#include <catch2/catch_test_macros.hpp>

#include <span>
#include <string>
#include <utility>
#include <vector>

namespace sotto::test {

// One user for each text, one event for each letter.
inline data::Interactions toy_log(const std::vector<std::string>& sequences, const std::string& user_prefix = "u") {
  std::string text = "user_id,item_id,timestamp\n";
  for (std::size_t user = 0; user < sequences.size(); ++user) {
    for (std::size_t i = 0; i < sequences[user].size(); ++i) {
      text += user_prefix + std::to_string(user) + "," + sequences[user][i] + "," + std::to_string(i) + "\n";
    }
  }
  auto source = data::memory_source(std::as_bytes(std::span(text)));
  data::ReadReport report;
  auto log = data::parse_interactions(std::move(source), "toy", {}, report);
  REQUIRE(log.ok());
  return std::move(*log);
}

}  // namespace sotto::test
