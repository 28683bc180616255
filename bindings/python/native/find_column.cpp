// Which column of a frame the core takes for a wanted one: a frame has the usual names that a file may have.
#include "bindings.hpp"
#include "failure.hpp"

#include <sotto/data/catalogue_file.hpp>
#include <sotto/data/column_names.hpp>
#include <sotto/data/read_interactions.hpp>

#include <nanobind/stl/optional.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace sotto::python {
namespace {

namespace nb = nanobind;

// Only a column of the default name may have another usual name instead, as in data::read_interactions.
struct UsualColumn {
  std::string default_name;
  std::span<const std::string_view> other_names;
};

UsualColumn usual_column(const std::string& role) {
  if (role == "user") return {data::ReadOptions{}.user_column, data::names_of_users()};
  if (role == "item") return {data::ReadOptions{}.item_column, data::names_of_items()};
  if (role == "timestamp") return {data::ReadOptions{}.timestamp_column, data::names_of_times()};
  if (role == "title") return {data::ItemColumns{}.title, data::names_of_titles()};
  if (role == "category") return {data::ItemColumns{}.category, data::names_of_categories()};
  if (role == "price") return {data::ItemColumns{}.price, data::names_of_prices()};
  if (role == "image") return {data::ItemColumns{}.image, data::names_of_images()};
  if (role == "description") return {"description", data::names_of_descriptions()};
  if (role == "other") return {};
  throw Failure("invalid_argument", "there is no role '" + role + "' of a column");
}

// The place of the column, or empty. `names` are plain.
std::optional<std::size_t> find_column(const std::vector<std::string>& names, const std::string& wanted,
                                       const std::string& role) {
  const UsualColumn usual = usual_column(role);
  data::WantedColumn column{.name = wanted};
  if (wanted == usual.default_name) column.other_names = usual.other_names;
  return data::find_column(names, column);
}

}  // namespace

void bind_columns(nb::module_& module) {
  module.def(
      "plain_names",
      [](const std::vector<std::string>& names) {
        return data::plain_names(std::vector<std::string_view>(names.begin(), names.end()));
      },
      nb::arg("names"));
  module.def("find_column", &find_column, nb::arg("names"), nb::arg("wanted"), nb::arg("role"));
}

}  // namespace sotto::python
