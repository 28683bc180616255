#include <sotto/data/json_path.hpp>
#include <sotto/data/json_rows.hpp>
#include <sotto/data/text.hpp>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>

namespace sotto::data {

using Json = nlohmann::json;

// Keeps the wanted values of one object during the parse. A return value of false ends the parse.
class JsonRowHandler {
 public:
  explicit JsonRowHandler(JsonRows& rows) : rows_(rows) {}

  bool null() { return stack_.empty() ? no_object() : begin_entry(target()); }
  bool boolean(bool value) {
    if (stack_.empty()) return no_object();
    const std::size_t node = target();
    if (!begin_entry(node)) return false;
    return !is_wanted(node) || refuse(node, value ? "true" : "false");
  }
  bool number_integer(Json::number_integer_t value) { return take(fmt::format_int(value)); }
  bool number_unsigned(Json::number_unsigned_t value) { return take(fmt::format_int(value)); }
  bool number_float(Json::number_float_t, const Json::string_t& written) { return take_text(written); }
  bool string(const Json::string_t& value) { return take_text(value); }
  bool binary(const Json::binary_t&) { return false; }

  bool start_object(std::size_t) {
    if (stack_.empty()) {
      stack_.push_back({.node = 0, .is_list = false});
      return true;
    }
    const std::size_t node = target();
    if (!begin_entry(node)) return false;
    if (is_wanted(node)) return refuse(node, "an object");
    if (node != JsonRows::none && joins_list()) return refuse_list(node);
    stack_.push_back({.node = node, .is_list = false});
    return true;
  }
  bool key(const Json::string_t& name) {
    Frame& object = stack_.back();
    object.field = JsonRows::none;
    if (object.node == JsonRows::none) return true;
    const auto& fields = rows_.nodes_[object.node].fields;
    const auto found = std::ranges::find(fields, name, &std::pair<std::string, std::size_t>::first);
    if (found == fields.end()) return true;
    object.field = found->second;
    rows_.nodes_[object.field].seen = true;
    for (const std::size_t column : rows_.nodes_[object.field].columns) text_of(column).clear();
    return true;
  }
  bool end_object() {
    stack_.pop_back();
    return true;
  }
  bool start_array(std::size_t) {
    if (stack_.empty()) return no_object();
    const std::size_t node = target();
    if (!begin_entry(node)) return false;
    stack_.push_back({.node = node, .is_list = true});
    return true;
  }
  bool end_array() {
    stack_.pop_back();
    return true;
  }
  bool parse_error(std::size_t position, const std::string& token, const nlohmann::detail::exception&) {
    rows_.refusal_ = fmt::format("column {} of the line: no JSON at {}; write one JSON object on each line", position,
                                 in_quotes(token));
    return false;
  }

 private:
  struct Frame {
    std::size_t node;
    bool is_list;
    std::size_t field = JsonRows::none;  // of an object: the node of the field that is being read
  };

  // The node of the value that begins.
  [[nodiscard]] std::size_t target() const noexcept {
    const Frame& frame = stack_.back();
    if (!frame.is_list) return frame.field;
    if (frame.node == JsonRows::none) return JsonRows::none;
    const std::size_t entry = rows_.nodes_[frame.node].entry;
    return entry != JsonRows::none ? entry : frame.node;
  }
  // True within a list whose values are joined.
  [[nodiscard]] bool joins_list() const noexcept {
    const Frame& frame = stack_.back();
    return frame.is_list && frame.node != JsonRows::none && rows_.nodes_[frame.node].entry == JsonRows::none;
  }
  [[nodiscard]] bool is_wanted(std::size_t node) const noexcept {
    return node != JsonRows::none && !rows_.nodes_[node].columns.empty();
  }
  // A value directly in the list of rows begins a row.
  bool begin_entry(std::size_t node) {
    const Frame& frame = stack_.back();
    if (!frame.is_list || frame.node != rows_.list_ || node == JsonRows::none) return true;
    if (rows_.entries_ == JsonRows::max_entries) {
      rows_.refusal_ = fmt::format("a list has more than {} entries; write one object for each", JsonRows::max_entries);
      return false;
    }
    rows_.nodes_[node].seen = true;
    ++rows_.entries_;
    if (rows_.list_texts_.size() < rows_.entries_ * rows_.list_columns_)
      rows_.list_texts_.resize(rows_.entries_ * rows_.list_columns_);
    const auto first = (rows_.entries_ - 1) * rows_.list_columns_;
    for (std::size_t i = 0; i < rows_.list_columns_; ++i) rows_.list_texts_[first + i].clear();
    return true;
  }
  [[nodiscard]] std::string& text_of(std::size_t column) {
    const std::size_t place = rows_.in_list_[column];
    return place == JsonRows::none ? rows_.texts_[column]
                                   : rows_.list_texts_[(rows_.entries_ - 1) * rows_.list_columns_ + place];
  }
  bool take(const fmt::format_int& digits) { return take_text({digits.data(), digits.size()}); }
  bool take_text(std::string_view text) {
    if (stack_.empty()) return no_object();
    const std::size_t node = target();
    if (!begin_entry(node)) return false;
    if (!is_wanted(node)) return true;
    for (const std::size_t column : rows_.nodes_[node].columns) {
      std::string& value = text_of(column);
      if (joins_list() && !value.empty()) value += ", ";
      value += text;
    }
    return true;
  }
  bool no_object() {
    rows_.refusal_ = "the line is JSON but no object; write one JSON object on each line";
    return false;
  }
  bool refuse(std::size_t node, std::string_view what) {
    rows_.refusal_ = fmt::format("column {} is {}, expected text, a number or null",
                                 in_quotes(rows_.names_[rows_.nodes_[node].columns.front()]), what);
    return false;
  }
  bool refuse_list(std::size_t node) {
    rows_.refusal_ = fmt::format("there is a list in the way to the field {}; write '[]' behind the list's name",
                                 in_quotes(rows_.nodes_[node].fields.front().first));
    return false;
  }

  JsonRows& rows_;
  std::vector<Frame> stack_;
};

std::size_t JsonRows::field_of(std::size_t node, std::string_view key) {
  const auto& fields = nodes_[node].fields;
  const auto found = std::ranges::find(fields, key, &std::pair<std::string, std::size_t>::first);
  if (found != fields.end()) return found->second;
  nodes_.emplace_back();
  nodes_[node].fields.emplace_back(key, nodes_.size() - 1);
  return nodes_.size() - 1;
}

Result<JsonRows> JsonRows::make(const std::vector<std::string>& names) {
  JsonRows rows;
  rows.names_ = names;
  rows.texts_.resize(names.size());
  std::string list;
  for (std::size_t column = 0; column < names.size(); ++column) {
    const auto path = JsonPath::parse(names[column]);
    if (!path) return path.error();
    const std::string own_list = path->list();
    if (!own_list.empty() && !list.empty() && own_list != list) {
      return Error{ErrorCode::invalid_argument,
                   fmt::format("the fields go through two lists, {} and {}; a row is an entry of one", in_quotes(list),
                               in_quotes(own_list))};
    }
    if (!own_list.empty()) list = own_list;
    std::size_t node = 0;
    for (const JsonPath::Step& step : path->steps) {
      node = rows.field_of(node, step.key);
      if (!step.every_entry) continue;
      rows.list_ = node;
      rows.has_list_ = true;
      if (rows.nodes_[node].entry == none) {
        rows.nodes_.emplace_back();
        rows.nodes_[node].entry = rows.nodes_.size() - 1;
      }
      node = rows.nodes_[node].entry;
    }
    rows.nodes_[node].columns.push_back(column);
    rows.node_of_.push_back(node);
    rows.in_list_.push_back(own_list.empty() ? none : rows.list_columns_++);
    // A field at the top may have a point in its name.
    if (path->steps.size() > 1 && own_list.empty())
      rows.nodes_[rows.field_of(0, names[column])].columns.push_back(column);
  }
  return rows;
}

bool JsonRows::read(std::string_view object) {
  for (std::string& text : texts_) text.clear();
  entries_ = 0;
  refusal_.clear();
  JsonRowHandler handler(*this);
  return Json::sax_parse(object.begin(), object.end(), &handler);
}

void JsonRows::values(std::size_t row, std::span<std::string_view> into) const {
  for (std::size_t column = 0; column < into.size(); ++column) {
    const std::size_t place = in_list_[column];
    into[column] = place == none ? texts_[column] : list_texts_[row * list_columns_ + place];
  }
}

bool JsonRows::found(std::size_t column) const noexcept {
  if (nodes_[node_of_[column]].seen) return true;
  const auto has_column = [&](const std::pair<std::string, std::size_t>& field) {
    const Node& node = nodes_[field.second];
    return node.seen && std::ranges::find(node.columns, column) != node.columns.end();
  };
  if (std::ranges::any_of(nodes_.front().fields, has_column)) return true;
  return in_list_[column] != none && nodes_[list_].seen && !nodes_[nodes_[list_].entry].seen;
}

}  // namespace sotto::data
