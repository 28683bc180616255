#include <sotto/http/text.hpp>
#include <sotto/serve/answer.hpp>
#include <sotto/serve/byte_range.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <utility>

namespace sotto::serve {
namespace {

// Nothing for a text that is no decimal number. What does not fit into 64 bits is beyond every file: the largest
// number.
std::optional<std::uint64_t> position_from(std::string_view digits) {
  if (digits.empty()) return std::nullopt;
  constexpr std::uint64_t max = std::numeric_limits<std::uint64_t>::max();
  std::uint64_t value = 0;
  for (const char c : digits) {
    if (c < '0' || c > '9') return std::nullopt;
    const auto digit = static_cast<std::uint64_t>(c - '0');
    value = value > (max - digit) / 10 ? max : value * 10 + digit;
  }
  return value;
}

// Calls `take` with each tag of a list and whether it is weak, until `take` returns true, the list ends or is
// malformed.
template <class Take>
bool any_tag(std::string_view list, Take take) {
  while (true) {
    while (!list.empty() && (list.front() == ' ' || list.front() == '\t' || list.front() == ',')) list.remove_prefix(1);
    const bool is_weak = list.starts_with("W/");
    if (is_weak) list.remove_prefix(2);
    if (!list.starts_with('"')) return false;
    const std::size_t end = list.find('"', 1);
    if (end == std::string_view::npos) return false;
    if (take(list.substr(0, end + 1), is_weak)) return true;
    list.remove_prefix(end + 1);
    if (!list.empty() && list.front() != ',' && list.front() != ' ' && list.front() != '\t') return false;
  }
}

// "0.5" → 500; nothing for what 12.4.2 does not allow.
std::optional<int> weight_from(std::string_view text) {
  if (text.empty() || text.size() > 5 || (text[0] != '0' && text[0] != '1')) return std::nullopt;
  if (text.size() > 1 && text[1] != '.') return std::nullopt;
  int value = text[0] == '1' ? 1000 : 0;
  int place = 100;
  for (const char c : text.substr(std::min<std::size_t>(2, text.size()))) {
    if (c < '0' || c > '9') return std::nullopt;
    value += (c - '0') * place;
    place /= 10;
  }
  if (value > 1000) return std::nullopt;
  return value;
}

// The weight of "br;q=0.5" after its name. A weight that is malformed asks for nothing.
int weight_of(std::string_view parameters) {
  if (parameters.empty()) return 1000;
  parameters = http::trimmed(parameters.substr(1));
  if (!parameters.starts_with("q=") && !parameters.starts_with("Q=")) return 0;
  return weight_from(http::trimmed(parameters.substr(2))).value_or(0);
}

const Representation* select_representation(std::span<const Representation> representations,
                                            const http::Request& request) {
  const auto accepted = joined_header(request, "Accept-Encoding");
  const auto weight = [&](const Representation& representation) {
    return coding_weight(accepted ? std::optional<std::string_view>(*accepted) : std::nullopt,
                         representation.coding.empty() ? "identity" : representation.coding);
  };
  const auto welcome_with = [&](auto is_named) -> const Representation* {
    for (const Representation& representation : representations) {
      if (is_named(representation.tag) && weight(representation) > 0) return &representation;
    }
    return nullptr;
  };

  const auto known = joined_header(request, "If-None-Match");
  if (known && *known != "*") {
    const auto* named = welcome_with([&](const std::string& tag) { return has_tag_weakly(*known, tag); });
    if (named != nullptr) return named;
  }
  const Representation& identity = representations.front();
  if (!request.header("Range").empty()) {
    const std::string_view part_of = request.header("If-Range");
    const auto* named = welcome_with([&](const std::string& tag) { return tag == part_of; });
    if (named != nullptr) return named;
    if (weight(identity) > 0) return &identity;
  }

  const Representation* best = nullptr;
  for (const Representation& representation : representations) {
    // Without the header, a client that knows no coding would get bytes that it does not understand.
    if (!accepted && !representation.coding.empty()) continue;
    if (weight(representation) == 0) continue;
    if (best == nullptr || weight(representation) > weight(*best) ||
        (weight(representation) == weight(*best) && representation.bytes.bytes.size() < best->bytes.bytes.size())) {
      best = &representation;
    }
  }
  return best;
}

}  // namespace

RangeChoice choose_range(std::string_view header, std::uint64_t size) {
  constexpr std::string_view unit = "bytes=";
  if (header.size() < unit.size() || !http::equal_in_any_case(header.substr(0, unit.size()), unit)) return {};
  const std::string_view range = http::trimmed(header.substr(unit.size()));
  const std::size_t dash = range.find('-');
  if (dash == std::string_view::npos) return {};

  const auto first = position_from(range.substr(0, dash));
  const auto last = position_from(range.substr(dash + 1));
  if (dash == 0) {  // the last bytes of the file
    if (!last) return {};
    if (*last == 0 || size == 0) return {RangeChoice::Kind::unsatisfiable, {}};
    return {RangeChoice::Kind::part, {size - std::min(*last, size), size - 1}};
  }
  const bool is_open = dash + 1 == range.size();
  if (!first || (!last && !is_open) || (last && *last < *first)) return {};
  if (*first >= size) return {RangeChoice::Kind::unsatisfiable, {}};
  return {RangeChoice::Kind::part, {*first, is_open ? size - 1 : std::min(*last, size - 1)}};
}

bool has_tag_weakly(std::string_view list, std::string_view tag) {
  if (http::trimmed(list) == "*") return true;
  return any_tag(list, [&](std::string_view listed, bool) { return listed == tag; });
}

bool has_tag_strongly(std::string_view list, std::string_view tag) {
  if (http::trimmed(list) == "*") return true;
  return any_tag(list, [&](std::string_view listed, bool is_weak) { return !is_weak && listed == tag; });
}

int coding_weight(std::optional<std::string_view> header, std::string_view coding) {
  if (!header) return 1000;
  std::optional<int> others;
  std::string_view rest = *header;
  while (!rest.empty()) {
    const std::size_t comma = rest.find(',');
    const std::string_view element = http::trimmed(rest.substr(0, comma));
    rest = comma == std::string_view::npos ? std::string_view() : rest.substr(comma + 1);
    const std::size_t semicolon = element.find(';');
    const std::string_view name = http::trimmed(element.substr(0, semicolon));
    const std::string_view parameters =
        semicolon == std::string_view::npos ? std::string_view() : element.substr(semicolon);
    if (http::equal_in_any_case(name, coding)) return weight_of(parameters);
    if (name == "*") others = weight_of(parameters);
  }
  if (coding == "identity") {
    // Acceptable unless excluded, but wanted less than what the client names.
    return others ? *others : 1;
  }
  return others.value_or(0);
}

std::optional<std::string> joined_header(const http::Request& request, std::string_view name) {
  std::optional<std::string> joined;
  for (const http::Header& header : request.headers) {
    if (!http::equal_in_any_case(header.name, name)) continue;
    joined = joined ? *joined + ", " + header.value : header.value;
  }
  return joined;
}

http::Response answer_from(std::span<const Representation> representations, const http::Request& request) {
  const Representation* selected = select_representation(representations, request);
  if (selected == nullptr) {
    http::Response refusal =
        error_answer(406, "not_acceptable", "The request accepts none of the codings of this file (Accept-Encoding).");
    refusal.headers.push_back({"Vary", "Accept-Encoding"});
    return refusal;
  }

  http::Response response;
  response.headers = {{"ETag", selected->tag}, {"Vary", "Accept-Encoding"}, {"Accept-Ranges", "bytes"}};
  // The order of 13.2.2. Without a modification date the conditions on dates are ignored (13.1.3, 13.1.4).
  if (const auto expected = joined_header(request, "If-Match");
      expected && !has_tag_strongly(*expected, selected->tag)) {
    return error_answer(412, "precondition_failed", "The file has another entity tag (If-Match).");
  }
  if (const auto known = joined_header(request, "If-None-Match"); known && has_tag_weakly(*known, selected->tag)) {
    response.status = 304;
    return response;
  }

  response.shared = selected->bytes;
  if (!selected->coding.empty()) response.headers.push_back({"Content-Encoding", selected->coding});
  const std::string_view part_of = request.header("If-Range");
  const bool has_if_range = joined_header(request, "If-Range").has_value();
  // A weak tag, a date and another tag are no match: the whole file is sent (13.1.5). Ranges are for GET (14.2).
  if (request.method != "GET" || (has_if_range && part_of != selected->tag)) return response;

  const std::uint64_t size = selected->bytes.bytes.size();
  const RangeChoice choice = choose_range(request.header("Range"), size);
  if (choice.kind == RangeChoice::Kind::part) {
    const auto [first, last] = choice.range;
    response.status = 206;
    response.shared.bytes = selected->bytes.bytes.subspan(first, last - first + 1);
    response.headers.push_back({"Content-Range", fmt::format("bytes {}-{}/{}", first, last, size)});
  } else if (choice.kind == RangeChoice::Kind::unsatisfiable) {
    response = error_answer(416, "range_not_satisfiable", fmt::format("The file has {} bytes.", size));
    response.headers.push_back({"Content-Range", fmt::format("bytes */{}", size)});
  }
  return response;
}

}  // namespace sotto::serve
