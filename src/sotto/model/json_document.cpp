#include <sotto/model/internal/json_document.hpp>

#include <nlohmann/json.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace sotto {
namespace {

using nlohmann::json;

class DocumentBuilder final : public json::json_sax_t {
 public:
  explicit DocumentBuilder(json& document) : document_(document) {}

  bool null() override { return add(nullptr); }
  bool boolean(bool value) override { return add(value); }
  bool number_integer(std::int64_t value) override { return add(value); }
  bool number_unsigned(std::uint64_t value) override { return add(value); }
  bool number_float(double value, const std::string& /*text*/) override { return add(value); }
  bool string(std::string& value) override { return add(std::move(value)); }
  bool binary(json::binary_t& /*value*/) override { return false; }
  bool start_object(std::size_t /*size*/) override { return open(json::value_t::object); }
  bool key(std::string& name) override {
    key_ = std::move(name);
    return true;
  }
  bool end_object() override { return close(); }
  bool start_array(std::size_t /*size*/) override { return open(json::value_t::array); }
  bool end_array() override { return close(); }
  bool parse_error(std::size_t /*position*/, const std::string& /*token*/,
                   const nlohmann::detail::exception& /*error*/) override {
    return false;
  }

 private:
  // If a name occurs twice, the latter value counts.
  json& place() {
    if (open_.empty()) return document_;
    json& parent = *open_.back();
    if (parent.is_object()) return parent[key_];
    parent.push_back(nullptr);
    return parent.back();
  }
  bool add(json value) {
    place() = std::move(value);
    return true;
  }
  bool open(json::value_t type) {
    json& value = place();
    value = json(type);
    open_.push_back(&value);
    return true;
  }
  bool close() {
    open_.pop_back();
    return true;
  }

  json& document_;
  std::vector<json*> open_;  // objects and arrays around the place; one grows only when all in it are closed
  std::string key_;
};

}  // namespace

json parse_json(std::string_view text) {
  json document;
  DocumentBuilder builder(document);
  if (json::sax_parse(text.begin(), text.end(), &builder)) return document;
  return json(json::value_t::discarded);
}

}  // namespace sotto
