#include <sotto/stream/parse_json.hpp>

#include <nlohmann/json.hpp>

#include <string>
#include <utility>
#include <vector>

namespace sotto::stream {
namespace {

using nlohmann::json;

// Builds the value while the parser reads. Each function returns whether the parser may go on.
class JsonBuilder {
 public:
  bool null() { return put(nullptr); }
  bool boolean(bool value) { return put(value); }
  bool number_integer(json::number_integer_t value) { return put(value); }
  bool number_unsigned(json::number_unsigned_t value) { return put(value); }
  bool number_float(json::number_float_t value, const json::string_t&) { return put(value); }
  bool string(json::string_t& value) { return put(std::move(value)); }
  bool binary(json::binary_t&) { return fail("it is no text"); }

  bool start_object(std::size_t) { return open(json::object()); }
  bool end_object() { return close(); }
  bool start_array(std::size_t) { return open(json::array()); }
  bool end_array() { return close(); }
  bool key(json::string_t& name) {
    const auto [place, is_new] = open_.back()->emplace(name, nullptr);
    member_ = &*place;
    return is_new || fail("the name '" + name + "' comes twice in one object");
  }

  bool parse_error(std::size_t position, const std::string&, const json::exception& error) {
    (void)error;
    return fail("there is no valid JSON at byte " + std::to_string(position));
  }

  Result<json> result(bool is_whole) {
    if (!is_whole || !problem_.empty()) return Error{ErrorCode::malformed, problem_};
    return std::move(root_);
  }

 private:
  template <class Value>
  bool put(Value&& value) {
    (void)place(std::forward<Value>(value));
    return true;
  }

  template <class Value>
  json* place(Value&& value) {
    if (open_.empty()) {
      root_ = std::forward<Value>(value);
      return &root_;
    }
    if (open_.back()->is_array()) return &open_.back()->emplace_back(std::forward<Value>(value));
    *member_ = std::forward<Value>(value);
    return member_;
  }

  bool open(json value) {
    if (open_.size() == max_json_depth) {
      return fail("it nests deeper than " + std::to_string(max_json_depth) + " levels");
    }
    open_.push_back(place(std::move(value)));
    return true;
  }
  bool close() {
    open_.pop_back();
    return true;
  }

  bool fail(std::string problem) {
    if (problem_.empty()) problem_ = std::move(problem);
    return false;
  }

  json root_;
  std::vector<json*> open_;  // an array's elements do not move while one of them is open
  json* member_ = nullptr;  // the value of the last name
  std::string problem_;
};

}  // namespace

Result<json> parse_json(std::string_view text) {
  JsonBuilder builder;
  const bool is_whole = json::sax_parse(text.begin(), text.end(), &builder);
  return builder.result(is_whole);
}

}  // namespace sotto::stream
