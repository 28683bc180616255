#include <sotto/cli/items_options.hpp>

namespace sotto::cli {

Option ItemsOptions::add_to(Command command, const std::string& help, const std::string& group) {
  const Option items = command.option("--items", file, help).type("FILE").reads().group(group);
  const auto add = [&](const char* name, std::string& column, const char* what) {
    command.option(name, column, what).needs(items).type("NAME").shows_default().group(group);
  };
  add("--items-id-column", columns.id, "column of the items file with the item's id; a usual name is found by itself");
  add("--title-column", columns.title, "column of the items file with the title");
  add("--category-column", columns.category, "column of the items file with the categories, separated by |");
  add("--price-column", columns.price, "column of the items file with the price");
  add("--image-column", columns.image, "column of the items file with the image's address");
  return items;
}

}  // namespace sotto::cli
