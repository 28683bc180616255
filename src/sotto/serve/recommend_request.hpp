// The bodies of POST /v1/recommend, POST /v1/recommend/batch and POST /recommend.
#pragma once

#include <sotto/serve/refusal.hpp>
#include <sotto/serve/request_events.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace sotto::serve {

inline constexpr std::size_t max_recommend_body = std::size_t{1} << 20;
inline constexpr std::size_t max_k = 1000;
inline constexpr std::size_t max_explained_k = 20;  // an explanation replays the user's events for each item
inline constexpr std::size_t max_batch_users = 100;
inline constexpr std::size_t max_filter_ids = 10'000;

// What a list is limited to, as in the npm package.
struct ListWishes {
  std::size_t k = 10;
  std::vector<std::string> exclude;
  std::optional<std::vector<std::string>> categories;  // only items in one of these
  std::optional<std::vector<std::string>> among;  // only these items
  double diversity = 0;  // 0 … 1
  bool explain = false;
  std::string model;  // empty: the only or first one
};

struct RecommendRequest {
  std::string user;  // empty: nobody
  std::vector<RequestEvent> events;
  ListWishes wishes;
};

struct BatchRequest {
  std::vector<std::string> users;
  ListWishes wishes;
};

// The tutorial's request: a window of the latest items, as ids or as indices in the catalogue.
struct ClassicRequest {
  std::vector<std::variant<std::uint64_t, std::string>> input;
  std::size_t k = 10;
};

[[nodiscard]] Answered<RecommendRequest> parse_recommend_request(std::string_view body, std::int64_t now);
[[nodiscard]] Answered<BatchRequest> parse_batch_request(std::string_view body);
[[nodiscard]] Answered<ClassicRequest> parse_classic_request(std::string_view body);

}  // namespace sotto::serve
