// Takes the values of some fields out of JSON objects. One object gives one row, or a row for each entry of a list.
#pragma once

#include <sotto/base/result.hpp>

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sotto::data {

// Text and numbers are values as they are written. null is a missing value. A list of values is joined with commas.
class JsonRows {
 public:
  static constexpr std::size_t max_entries = std::size_t{1} << 19;  // of a list

  // A name is a path (JsonPath), or the whole name of a field at the top. All paths through a list go through the same
  // one. Fails with a phrase.
  [[nodiscard]] static Result<JsonRows> make(const std::vector<std::string>& names);

  // Reads one object. Returns false if it is refused.
  [[nodiscard]] bool read(std::string_view object);
  // The fault of the last object, as a phrase.
  [[nodiscard]] const std::string& refusal() const noexcept { return refusal_; }

  // The rows of the last object that was read: 1, or the number of the list's entries.
  [[nodiscard]] std::size_t rows() const noexcept { return has_list_ ? entries_ : 1; }
  // Fills the row's values, in the order of the names. They are valid until the next object is read.
  void values(std::size_t row, std::span<std::string_view> into) const;

  // Whether any object had the field, or had its list without an entry in it.
  [[nodiscard]] bool found(std::size_t column) const noexcept;

 private:
  friend class JsonRowHandler;
  static constexpr std::size_t none = static_cast<std::size_t>(-1);

  struct Node {
    std::vector<std::pair<std::string, std::size_t>> fields;  // of an object, with their nodes
    std::size_t entry = none;  // of a list whose entries are rows
    std::vector<std::size_t> columns;  // whose value this is
    bool seen = false;
  };

  JsonRows() : nodes_(1) {}
  std::size_t field_of(std::size_t node, std::string_view key);

  std::vector<std::string> names_;  // by column
  std::vector<Node> nodes_;  // the first one is the object
  std::vector<std::size_t> node_of_;  // by column
  std::vector<std::size_t> in_list_;  // by column: its place among the columns of the list, or none
  std::size_t list_columns_ = 0;
  std::size_t list_ = none;  // the node of the list
  bool has_list_ = false;
  std::vector<std::string> texts_;  // by column
  std::vector<std::string> list_texts_;  // by entry, then by place among the columns of the list
  std::size_t entries_ = 0;
  std::string refusal_;
};

}  // namespace sotto::data
