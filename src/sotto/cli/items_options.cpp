#include <sotto/cli/items_options.hpp>
#include <sotto/cli/table_options.hpp>

namespace sotto::cli {

Option ItemsOptions::add_to(Command command, const std::string& help, const std::string& group) {
  const Option items = command.option("--items", file, help).type("FILE").reads().group(group);
  const auto add = [&](const char* name, std::string& column, const char* what) {
    command.option(name, column, what).needs(items).type("NAME").shows_default().group(group);
  };
  add_table_options(command, table,
                    {.prefix = "--items-", .file = "the items file", .row = "an item", .group = group, .needs = items});
  add("--items-id-column", columns.id,
      "column of the items file with the item's id: its name, its position or its path, as in a log; a usual name of "
      "this and the other columns is found by itself");
  command
      .flag("--items-literal-ids", literal_ids,
            "take ids of items such as NA, NULL or none as they are written; without it they are errors")
      .needs(items)
      .group(group);
  add("--title-column", columns.title, "column of the items file with the title");
  add("--category-column", columns.category, "column of the items file with the categories, separated by |");
  add("--price-column", columns.price, "column of the items file with the price");
  add("--image-column", columns.image, "column of the items file with the image's address");
  return items;
}

data::ItemsFile ItemsOptions::source() const {
  data::ItemsFile source(file, columns);
  source.table = table;
  source.literal_ids = literal_ids;
  return source;
}

}  // namespace sotto::cli
