// A path to a field of a JSON object: "user.id", "events[].aid", "$.properties.product_id".
#pragma once

#include <sotto/base/result.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sotto::data {

struct JsonPath {
  struct Step {
    std::string key;
    bool every_entry = false;  // the field is a list, and the path goes on in each of its entries: "events[]"
  };
  std::vector<Step> steps;  // at least one

  // Keys are separated by points. "[]" or "[*]" behind a key stands for every entry of its list, at most once. "$." at
  // the front is ignored. Fails with a phrase.
  [[nodiscard]] static Result<JsonPath> parse(std::string_view text);

  // The number of steps up to and including the one with the list, or 0.
  [[nodiscard]] std::size_t list_steps() const noexcept;
  // The path to the list, "events[]", or "".
  [[nodiscard]] std::string list() const;
};

}  // namespace sotto::data
