#include <sotto/simulate/options.hpp>

#include <algorithm>
#include <charconv>

namespace sotto::simulate {
namespace {

std::string shortest(double value) {
  char text[32];
  const auto result = std::to_chars(text, text + sizeof text, value);
  return {text, result.ptr};
}

}  // namespace

bool SimulationOptions::asks_for(const std::string& arm) const {
  return arms.empty() || std::ranges::find(arms, arm) != arms.end();
}

std::string noisy_arm(double noise) { return "trend_z" + shortest(noise); }

std::vector<std::string> arm_names(double noise) {
  std::vector<std::string> names{"base", "personal", "trend", noisy_arm(weak_noise)};
  if (noise != weak_noise) names.push_back(noisy_arm(noise));
  for (const char* name : {"adapter", "federated_head", "central", "counts"}) names.emplace_back(name);
  return names;
}

std::string rounds_name(double days) {
  if (days == 1) return "daily";
  if (days == 7) return "weekly";
  return "every " + shortest(days) + " days";
}

}  // namespace sotto::simulate
