#include <sotto/data/catalogue_file.hpp>
#include <sotto/data/item_vectors.hpp>
#include <sotto/train/described_items.hpp>

#include <utility>

namespace sotto::train {

Result<DescribedItems> describe_items(const data::Interactions& log, const ItemSources& sources) {
  DescribedItems result;
  const bool content = !sources.items_file.empty() && sources.learn_content;
  auto catalogue = data::make_catalogue(log, sources.items_file,
                                        content ? data::UntouchedItems::include : data::UntouchedItems::leave_out);
  if (!catalogue) return std::move(catalogue).error();
  result.catalogue = *std::move(catalogue);
  if (!content) return result;

  if (!sources.vectors_file.empty()) {
    const auto vectors = data::read_item_vectors(result.catalogue, sources.items_file, sources.vectors_file);
    if (!vectors) return vectors.error();
    result.features = vector_features(*vectors);
    result.described = vectors->described;
  } else {
    const auto texts = data::read_item_texts(result.catalogue, sources.items_file, sources.text_column);
    if (!texts) return texts.error();
    result.features = text_features(*texts);
    result.has_texts = true;
    result.described = texts->described;
  }
  return result;
}

}  // namespace sotto::train
