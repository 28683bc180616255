#include <sotto/cli/content_options.hpp>
#include <sotto/data/catalogue_file.hpp>
#include <sotto/data/item_vectors.hpp>

#include <utility>

namespace sotto::cli {

void ContentOptions::add_to(Command command) {
  const std::string group = "The items";
  command
      .option("--items", items_file,
              "catalogue: CSV, TSV or JSON Lines, plain, gzip or zstd, with item_id and any of title, category, price, "
              "image, currency, description")
      .type("FILE")
      .group(group);
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
      .group(group);
  command
      .flag("--no-content", no_content,
            "learn items from their events alone; items of the catalogue that nobody touched are left out")
      .group(group);
}

Result<DescribedItems> describe_items(const data::Interactions& log, const ContentOptions& options) {
  DescribedItems result;
  if (!options.vectors_file.empty() && (options.items_file.empty() || options.no_content)) {
    return Error{ErrorCode::invalid_argument,
                 options.no_content ? "--item-vectors and --no-content contradict each other"
                                    : "--item-vectors needs --items: its rows say which item each vector is of"};
  }
  const bool content = !options.items_file.empty() && !options.no_content;
  auto catalogue = data::make_catalogue(log, options.items_file,
                                        content ? data::UntouchedItems::include : data::UntouchedItems::leave_out);
  if (!catalogue) return std::move(catalogue).error();
  result.catalogue = *std::move(catalogue);
  if (!content) return result;

  if (!options.vectors_file.empty()) {
    const auto vectors = data::read_item_vectors(result.catalogue, options.items_file, options.vectors_file);
    if (!vectors) return vectors.error();
    result.features = train::vector_features(*vectors);
    result.described = vectors->described;
  } else {
    const auto texts = data::read_item_texts(result.catalogue, options.items_file, options.text_column);
    if (!texts) return texts.error();
    result.features = train::text_features(*texts);
    result.described = texts->described;
  }
  return result;
}

}  // namespace sotto::cli
