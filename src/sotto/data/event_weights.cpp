#include <sotto/data/event_weights.hpp>
#include <sotto/data/text.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace sotto::data {
namespace {

constexpr std::size_t max_types = 255;

char lower(char c) noexcept { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool same_type(std::string_view a, std::string_view b) noexcept { return std::ranges::equal(a, b, {}, lower, lower); }

std::optional<float> parse_weight(std::string_view text) noexcept {
  float weight = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), weight, std::chars_format::fixed);
  if (failure != std::errc{} || end != text.data() + text.size() || !(weight >= 0) || weight > max_event_weight)
    return std::nullopt;
  return weight;
}

}  // namespace

EventWeights::EventWeights()
    : weights_{{"view", 1}, {"click", 1},     {"rating", 1},      {"favourite", 2}, {"favorite", 2},
               {"cart", 3}, {"addtocart", 3}, {"add_to_cart", 3}, {"purchase", 5},  {"transaction", 5}} {}

Result<EventWeights> EventWeights::parse(std::string_view text) {
  EventWeights weights;
  weights.weights_.clear();
  while (true) {
    const std::string_view pair = text.substr(0, text.find(','));
    const std::size_t equals = pair.rfind('=');
    const std::string_view type = pair.substr(0, equals);
    const auto weight = equals == std::string_view::npos ? std::nullopt : parse_weight(pair.substr(equals + 1));
    if (!weight || type.empty()) {
      return Error{
          ErrorCode::invalid_argument,
          fmt::format("{} is no event weight, expected TYPE=WEIGHT with a weight of 0 … {:.0f}, such as cart=3",
                      in_quotes(pair), max_event_weight)};
    }
    if (weights.weights_.size() == max_types)
      return Error{ErrorCode::out_of_range, fmt::format("more than {} event types have a weight", max_types)};
    const bool known = std::ranges::any_of(weights.weights_, [&](const Weight& w) { return same_type(w.type, type); });
    if (known || (type == "*" && weights.others_))
      return Error{ErrorCode::invalid_argument, fmt::format("event type {} has two weights", in_quotes(type))};
    if (type == "*")
      weights.others_ = weight;
    else
      weights.weights_.push_back({std::string(type), *weight});
    if (pair.size() == text.size()) return weights;
    text.remove_prefix(pair.size() + 1);
  }
}

std::optional<float> EventWeights::find(std::string_view type) const noexcept {
  for (const Weight& weight : weights_) {
    if (same_type(weight.type, type)) return weight.weight;
  }
  return others_;
}

std::string EventWeights::in_words() const {
  std::string words;
  for (const auto& [type, weight] : weights_) words += fmt::format("{}{}={}", words.empty() ? "" : ", ", type, weight);
  if (others_) words += fmt::format("{}*={}", words.empty() ? "" : ", ", *others_);
  return words;
}

}  // namespace sotto::data
