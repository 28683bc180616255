#include <sotto/cli/content_options.hpp>

namespace sotto::cli {

void ContentOptions::add_to(Command command) {
  const std::string group = "The items";
  items.add_to(command,
               "catalogue, in any format of logs, with item_id and any of title, category, price, image, currency, "
               "description",
               group);
  command
      .option("--text-column", text_column,
              "column of the catalogue that items are learned from beside title and category, 'description' if "
              "there is one")
      .type("NAME")
      .group(group);
  command
      .option("--item-vectors", vectors_file,
              "learn items from these vectors instead of their texts: .npy or safetensors with one array, a row for "
              "each row of the catalogue")
      .type("FILE")
      .reads()
      .group(group);
  command
      .flag("--no-content", no_content,
            "learn items from their events alone; items of the catalogue that nobody touched are left out")
      .group(group);
}

Result<train::ItemSources> ContentOptions::sources() const {
  if (!vectors_file.empty() && (items.file.empty() || no_content)) {
    return Error{ErrorCode::invalid_argument,
                 no_content ? "--item-vectors and --no-content contradict each other"
                            : "--item-vectors needs --items: its rows say which item each vector is of"};
  }
  return train::ItemSources{items.source(), !no_content, text_column, vectors_file};
}

}  // namespace sotto::cli
