#include <sotto/data/jsonl_reader.hpp>
#include <sotto/data/text.hpp>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <optional>
#include <utility>

namespace sotto::data {
namespace {

using Json = nlohmann::json;

// Keeps the wanted fields of one line's object during the parse. A return value of false ends the parse.
class ObjectReader {
 public:
  ObjectReader(const std::vector<std::string>& columns, std::vector<std::string>& texts, std::string& refusal)
      : columns_(columns), texts_(texts), refusal_(refusal) {}

  bool null() { return depth_ > 0 || no_object(); }
  bool boolean(bool value) { return refuse_if_wanted(value ? "true" : "false"); }
  bool number_integer(Json::number_integer_t value) { return take(fmt::format_int(value)); }
  bool number_unsigned(Json::number_unsigned_t value) { return take(fmt::format_int(value)); }
  bool number_float(Json::number_float_t, const Json::string_t& written) { return take_text(written); }
  bool string(const Json::string_t& value) { return take_text(value); }
  bool binary(const Json::binary_t&) { return false; }

  bool start_object(std::size_t) {
    if (depth_ > 0 && !refuse_if_wanted("an object")) return false;
    ++depth_;
    return true;
  }
  bool key(const Json::string_t& name) {
    if (depth_ != 1) return true;
    column_.reset();
    const auto found = std::ranges::find(columns_, name);
    if (found == columns_.end()) return true;
    column_ = static_cast<std::size_t>(found - columns_.begin());
    texts_[*column_].clear();
    return true;
  }
  bool end_object() {
    --depth_;
    return true;
  }
  bool start_array(std::size_t) {
    if (depth_ == 0) return no_object();
    ++depth_;
    return true;
  }
  bool end_array() {
    --depth_;
    return true;
  }
  bool parse_error(std::size_t position, const std::string& token, const nlohmann::detail::exception&) {
    refusal_ = fmt::format("column {} of the line: no JSON at {}; write one JSON object on each line", position,
                           in_quotes(token));
    return false;
  }

 private:
  bool take(const fmt::format_int& digits) { return take_text({digits.data(), digits.size()}); }
  bool take_text(std::string_view text) {
    if (depth_ == 0) return no_object();
    if (!column_) return true;
    std::string& value = texts_[*column_];
    if (depth_ > 1 && !value.empty()) value += ", ";
    value += text;
    return true;
  }
  bool no_object() {
    refusal_ = "the line is JSON but no object; write one JSON object on each line";
    return false;
  }
  bool refuse_if_wanted(std::string_view what) {
    if (depth_ == 0) return no_object();
    if (!column_) return true;
    refusal_ = fmt::format("column {} is {}, expected text, a number or null", in_quotes(columns_[*column_]), what);
    return false;
  }

  const std::vector<std::string>& columns_;
  std::vector<std::string>& texts_;
  std::string& refusal_;
  std::size_t depth_ = 0;
  std::optional<std::size_t> column_;  // the wanted column that is being read
};

bool is_space(char c) noexcept { return c == ' ' || c == '\t' || c == '\r'; }

}  // namespace

JsonlTable::JsonlTable(std::unique_ptr<ByteSource> source, std::string name, const std::vector<WantedColumn>& columns)
    : TableReader(name), lines_(std::move(source), std::move(name)), texts_(columns.size()) {
  for (const WantedColumn& column : columns) columns_.push_back(column.name);
  values_.resize(columns.size());
}

RowState JsonlTable::read_object(const char* begin, const char* end) {
  for (std::string& text : texts_) text.clear();
  refusal_.clear();
  ObjectReader object(columns_, texts_, refusal_);
  if (!Json::sax_parse(begin, end, &object)) return RowState::refused;
  for (std::size_t i = 0; i < columns_.size(); ++i)  // a column may be asked for twice
    values_[i] = texts_[static_cast<std::size_t>(std::ranges::find(columns_, columns_[i]) - columns_.begin())];
  return RowState::good;
}

Result<RowState> JsonlTable::next() {
  while (true) {
    const auto read = lines_.next();
    if (!read) return read.error();
    line_ = lines_.number();
    if (*read == LineReader::Line::end) return RowState::end;
    if (*read == LineReader::Line::too_long) {
      refusal_ = "the line is longer than 16 MiB; write one JSON object on each line";
      return RowState::refused;
    }
    const std::string_view line = lines_.line();
    const char* const begin = std::find_if_not(line.data(), line.data() + line.size(), is_space);
    if (begin != line.data() + line.size()) return read_object(begin, line.data() + line.size());
  }
}

}  // namespace sotto::data
