// The names of columns: those that logs commonly use, and what a header's names are without decoration.
#pragma once

#include <sotto/data/table_reader.hpp>

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace sotto::data {

// Other names of the columns that say who, what and when, the surest first. Case, '_', '-' and spaces do not matter.
[[nodiscard]] std::span<const std::string_view> names_of_users() noexcept;
[[nodiscard]] std::span<const std::string_view> names_of_items() noexcept;
[[nodiscard]] std::span<const std::string_view> names_of_times() noexcept;
// The same of the columns that describe an item.
[[nodiscard]] std::span<const std::string_view> names_of_titles() noexcept;
[[nodiscard]] std::span<const std::string_view> names_of_categories() noexcept;
[[nodiscard]] std::span<const std::string_view> names_of_prices() noexcept;
[[nodiscard]] std::span<const std::string_view> names_of_images() noexcept;
[[nodiscard]] std::span<const std::string_view> names_of_descriptions() noexcept;

// The names of a header row without spaces around them, and without types if all have one, "user_id:token" (RecBole).
[[nodiscard]] std::vector<std::string> plain_names(std::span<const std::string_view> header);

// The place of the wanted column: the one of its name, else the first of its other names that there is. Of a path,
// "properties.product_id", the last part is compared with other names, and the shortest path wins. A column that may be
// missing is not looked for in a list, "videos[].title", because each entry would become a row.
[[nodiscard]] std::optional<std::size_t> find_column(std::span<const std::string> names, const WantedColumn& column);

// The other columns under a usual name of the wanted one, apart from the one that was taken.
[[nodiscard]] std::vector<std::string> other_columns(std::span<const std::string> names, const WantedColumn& column,
                                                     std::string_view taken);

// "'a', 'b' and 3 more", at most 20 names.
[[nodiscard]] std::string list_of_names(std::span<const std::string> names);
// " with --user-column", or "" if the column has no option.
[[nodiscard]] std::string by_option(const WantedColumn& column);

}  // namespace sotto::data
