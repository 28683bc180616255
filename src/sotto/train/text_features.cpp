#include <sotto/base/hash.hpp>
#include <sotto/train/item_features.hpp>

#include <utf8proc.h>

#include <algorithm>
#include <array>
#include <bit>
#include <string>
#include <string_view>
#include <utility>

namespace sotto::train {
namespace {

constexpr std::size_t min_columns = 1 << 12;
constexpr std::size_t max_columns = 1 << 15;
constexpr std::size_t shortest_gram = 3;  // characters, edge marks included
constexpr std::size_t longest_gram = 5;
constexpr std::size_t max_words = 512;          // for each item; later words say little more
constexpr std::size_t max_word_characters = 32;  // longer "words" are codes: used whole, and by their beginning
constexpr utf8proc_int32_t edge = '\x01';  // edge of a word; no text has it after folding

enum class Kind : std::uint64_t { word = 1, gram, category };

using Codepoints = std::vector<utf8proc_int32_t>;

// Returns lower case, without accents and compatibility forms ("Ｅ" is "e"). Empty if the text cannot be folded.
Codepoints fold(std::string_view text) {
  constexpr auto how = static_cast<utf8proc_option_t>(UTF8PROC_COMPAT | UTF8PROC_DECOMPOSE | UTF8PROC_STRIPMARK |
                                                      UTF8PROC_CASEFOLD | UTF8PROC_IGNORE | UTF8PROC_STRIPCC);
  const auto* bytes = reinterpret_cast<const utf8proc_uint8_t*>(text.data());
  const auto length = static_cast<utf8proc_ssize_t>(text.size());
  const utf8proc_ssize_t needed = utf8proc_decompose(bytes, length, nullptr, 0, how);
  if (needed < 0) return {};
  Codepoints result(static_cast<std::size_t>(needed));
  utf8proc_decompose(bytes, length, result.data(), needed, how);
  return result;
}

bool belongs_to_word(utf8proc_int32_t codepoint) noexcept {
  switch (utf8proc_category(codepoint)) {
    case UTF8PROC_CATEGORY_LU:
    case UTF8PROC_CATEGORY_LL:
    case UTF8PROC_CATEGORY_LT:
    case UTF8PROC_CATEGORY_LM:
    case UTF8PROC_CATEGORY_LO:
    case UTF8PROC_CATEGORY_MN:
    case UTF8PROC_CATEGORY_MC:
    case UTF8PROC_CATEGORY_ND:
    case UTF8PROC_CATEGORY_NL:
    case UTF8PROC_CATEGORY_NO: return true;
    default: return false;
  }
}

// Returns the words between edge marks.
std::vector<Codepoints> words_of(std::string_view text) {
  std::vector<Codepoints> words;
  Codepoints word;
  const auto finish = [&] {
    if (word.empty()) return;
    word.insert(word.begin(), edge);
    word.push_back(edge);
    words.push_back(std::exchange(word, {}));
  };
  for (const utf8proc_int32_t codepoint : fold(text)) {
    if (words.size() == max_words) break;
    if (belongs_to_word(codepoint)) {
      word.push_back(codepoint);
    } else {
      finish();
    }
  }
  finish();
  return words;
}

// The hash before it is reduced to the number of columns.
std::uint32_t hash_of(Kind kind, std::span<const utf8proc_int32_t> characters) noexcept {
  return static_cast<std::uint32_t>(xxh64(std::as_bytes(characters), static_cast<std::uint64_t>(kind)) % max_columns);
}

using Columns = std::vector<std::uint32_t>;

void add_grams(const Codepoints& word, Columns& grams) {
  const std::size_t length = std::min(word.size(), max_word_characters);
  for (std::size_t begin = 0; begin < length; ++begin) {
    for (std::size_t size = shortest_gram; size <= longest_gram && begin + size <= length; ++size) {
      grams.push_back(hash_of(Kind::gram, std::span(word).subspan(begin, size)));
    }
  }
}

Columns categories_of(std::string_view text) {
  Columns columns;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('|'), text.size());
    const Codepoints name = fold(text.substr(0, end));
    if (!name.empty()) columns.push_back(hash_of(Kind::category, name));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return columns;
}

// A repeated column counts each time.
void add_mean(Columns columns, float total, ItemFeatures& features) {
  for (std::uint32_t& column : columns) column %= static_cast<std::uint32_t>(features.columns);
  std::ranges::sort(columns);
  const float share = total / static_cast<float>(columns.size());
  for (std::size_t i = 0; i < columns.size();) {
    const std::size_t first = i;
    while (i < columns.size() && columns[i] == columns[first]) ++i;
    features.column.push_back(columns[first]);
    features.value.push_back(share * static_cast<float>(i - first));
  }
}

}  // namespace

ItemFeatures text_features(const data::ItemTexts& texts) {
  ItemFeatures features;
  features.columns = std::clamp(std::bit_ceil(texts.items.size()), min_columns, max_columns);
  features.begin.push_back(0);
  for (const data::ItemText& item : texts.items) {
    Columns words;
    Columns grams;
    for (const Codepoints& word : words_of(item.text)) {
      words.push_back(hash_of(Kind::word, word));
      add_grams(word, grams);
    }
    std::array<Columns, 3> kinds = {std::move(words), std::move(grams), categories_of(item.category)};
    const auto known = std::ranges::count_if(kinds, [](const Columns& kind) { return !kind.empty(); });
    for (Columns& kind : kinds) add_mean(std::move(kind), 1.0F / static_cast<float>(known), features);
    features.begin.push_back(features.column.size());
  }
  return features;
}

}  // namespace sotto::train
