#include <sotto/data/other_file.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>
#include <system_error>

namespace sotto::data {
namespace {

using namespace std::string_view_literals;

struct Magic {
  std::string_view bytes;
  std::string_view what;
  std::string_view advice;  // {} is the file's name
};

// Both are read by the Python package itself (docs/python.md).
constexpr std::string_view by_duckdb =
    "sotto.train of the Python package reads it; or write it as CSV first, for example with DuckDB: COPY (FROM '{}') "
    "TO 'log.csv' (HEADER)";
constexpr std::string_view by_pandas =
    "sotto.train of the Python package reads it; or write it as CSV first, for example with pandas: "
    "read_feather('{}').to_csv('log.csv', index=False)";
constexpr std::string_view unpack_zip = "unpack it: unzip -p '{}' | sotto check --interactions -";
constexpr std::string_view model_not_log = "this is a model, not a log; 'sotto import' reads models";
constexpr std::string_view save_as_csv = "save it as CSV in UTF-8";

constexpr auto magics = std::to_array<Magic>({
    {"PAR1"sv, "a Parquet file", by_duckdb},
    {"ARROW1\0\0"sv, "an Arrow (Feather) file", by_pandas},
    {"FEA1"sv, "a Feather file", by_pandas},
    {"ORC"sv, "an ORC file", "write it as CSV first"},
    {"Obj\x01"sv, "an Avro file", "write it as JSON Lines first, for example: avro-tools tojson '{}'"},
    {"BZh"sv, "compressed with bzip2", "unpack it: bzip2 -dc '{}' | sotto check --interactions -"},
    {"\xFD"
     "7zXZ\0"sv,
     "compressed with xz", "unpack it: xz -dc '{}' | sotto check --interactions -"},
    {"\x04\x22\x4D\x18"sv, "compressed with lz4", "unpack it: lz4 -dc '{}' | sotto check --interactions -"},
    {"7z\xBC\xAF\x27\x1C"sv, "a 7-Zip archive", "unpack it: 7z x -so '{}' | sotto check --interactions -"},
    {"SQLite format 3\0"sv, "a SQLite database",
     "write the table of events as CSV: sqlite3 -header -csv '{}' 'SELECT * FROM events' > log.csv"},
    {"version https://git-lfs.github.com/spec/"sv, "a Git LFS pointer, not the file itself",
     "fetch the file: git lfs pull --include '{}'"},
    {"\x89HDF\r\n\x1A\n"sv, "an HDF5 file",
     "write its table as CSV first, for example with pandas.read_hdf; a Keras model goes to 'sotto import'"},
    {"\x93NUMPY"sv, "a NumPy array", "write it as CSV first, for example with numpy.savetxt"},
    {"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"sv, "an old Excel workbook", save_as_csv},
    {"%PDF-"sv, "a PDF document", "give the log itself"},
    {"\x80\x02"sv, "a Python pickle", "write it as CSV first; a pickle runs code when it is opened"},
    {"\x80\x03"sv, "a Python pickle", "write it as CSV first; a pickle runs code when it is opened"},
    {"\x80\x04"sv, "a Python pickle", "write it as CSV first; a pickle runs code when it is opened"},
    {"\x80\x05"sv, "a Python pickle", "write it as CSV first; a pickle runs code when it is opened"},
    {"RDX3\n"sv, "an R workspace", "write it as CSV first: write.csv(log, 'log.csv', row.names = FALSE)"},
});

bool has_any_case(std::string_view text, std::string_view start) noexcept {
  return text.size() >= start.size() && std::equal(start.begin(), start.end(), text.begin(), [](char a, char b) {
           return a == (b >= 'A' && b <= 'Z' ? static_cast<char>(b - 'A' + 'a') : b);
         });
}

std::string describe(std::string_view what, std::string_view advice, const std::string& name) {
  std::string text = fmt::format("this is {}; ", what);
  const std::size_t place = advice.find("{}");
  text += advice.substr(0, place);
  if (place != std::string_view::npos) text += name + std::string(advice.substr(place + 2));
  return text;
}

// safetensors: the header's length, then its JSON.
bool is_safetensors(std::string_view text) noexcept {
  return text.size() > 9 && text[8] == '{' && text.substr(4, 4) == "\0\0\0\0"sv;
}

// tar: "ustar" behind the first member's name and numbers.
bool is_tar(std::string_view text) noexcept {
  constexpr std::size_t magic_place = 257;
  return text.size() > magic_place + 5 && text.substr(magic_place, 5) == "ustar"sv;
}

}  // namespace

std::optional<std::string> describe_other_file(std::span<const std::byte> beginning, const std::string& name) {
  const std::string_view text(reinterpret_cast<const char*>(beginning.data()), beginning.size());
  for (const Magic& magic : magics) {
    if (text.starts_with(magic.bytes)) return describe(magic.what, magic.advice, name);
  }
  if (text.starts_with("PK\x03\x04"sv)) {
    constexpr std::size_t first_names = 4096;  // bytes with the names of an archive's first members
    const std::string_view names = text.substr(0, first_names);
    const auto has = [&](std::string_view part) { return names.find(part) != std::string_view::npos; };
    if (has("xl/"sv) || has("[Content_Types].xml"sv)) return describe("an Excel workbook", save_as_csv, name);
    if (has("model.weights.h5"sv)) return describe("a Keras archive", model_not_log, name);
    return describe("a ZIP archive", unpack_zip, name);
  }
  if (is_safetensors(text)) return describe("a safetensors file", model_not_log, name);
  if (is_tar(text)) return describe("a tar archive", "unpack it: tar -xOf '{}' | sotto check --interactions -", name);
  const std::string_view body = text.substr(std::min(text.find_first_not_of(" \t\r\n"), text.size()));
  if (has_any_case(body, "<!doctype html") || has_any_case(body, "<html"))
    return describe("a web page", "download the file itself", name);
  if (body.starts_with("<?xml")) return describe("XML", "write it as CSV or JSON Lines first", name);
  return std::nullopt;
}

std::string describe_folder(const std::filesystem::path& folder) {
  std::error_code error;
  if (std::filesystem::exists(folder / "saved_model.pb", error))
    return "this folder is a TensorFlow SavedModel, a model and not a log; save the Keras model for 'sotto import'";
  // The first of the folder's files by name is an example of what to write.
  std::string first;
  constexpr int max_looked_at = 1000;
  int looked_at = 0;
  for (auto entry = std::filesystem::directory_iterator(folder, error);
       !error && entry != std::filesystem::directory_iterator() && looked_at < max_looked_at; entry.increment(error)) {
    ++looked_at;
    const std::string name = entry->path().filename().string();
    if (name.starts_with('.') || name.starts_with('_') || (!first.empty() && first < name)) continue;
    first = name;
  }
  return fmt::format("this is a folder; name the files in it{}",
                     first.empty() ? "" : fmt::format(", such as {}", (folder / first).string()));
}

}  // namespace sotto::data
