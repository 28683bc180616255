#include <sotto/runtime/workspace.hpp>

namespace sotto {

Workspace::Workspace(const Engine& engine)
    : engine_(&engine),
      hidden_u7_(engine.architecture().layers * round_up(engine.architecture().hidden_dim, column_tile)),
      scores_(engine.architecture().items),
      history_lookup_(engine.architecture().items),
      count_lookup_(engine.counts(), engine.architecture().items),
      embedding_s16_(engine.architecture().embedding_dim),
      embedding_u7_(round_up(engine.architecture().embedding_dim, column_tile)),
      inputs_u7_(event_tile * engine.widest_input()),
      input_sums_(event_tile * 4 * engine.architecture().hidden_dim),
      head_input_u7_(engine.head().input_size()),
      skip_sums_(engine.skip().rows),
      excluded_(engine.architecture().items),
      diverse_(engine) {
  const Architecture& a = engine.architecture();
  const bool binary = a.head == HeadKind::binary;
  hidden_sums_ = AlignedBuffer<std::int32_t>((binary ? a.layers : 1) * std::size_t{4} * a.hidden_dim);
  if (binary) {
    candidate_cell_.resize(a.hidden_dim);
    candidate_hidden_.resize(a.hidden_dim);
    candidate_u7_ = AlignedBuffer<std::uint8_t>(round_up(a.hidden_dim, column_tile));
  }
  if (const HeadSketch* sketch = engine.head_sketch()) {
    sketch_search_ = std::make_unique<SketchSearch>(*sketch, engine.head(), engine.kernels());
    touched_.reserve(history_capacity + count_lookup_.capacity());
  }
}

void Workspace::embed(ItemIndex item, std::uint8_t* out_u7) noexcept {
  const EmbeddingRow row = engine_->embedding_row(item);
  row.copy_to(embedding_s16_.data());
  engine_->kernels().quantize(embedding_s16_.data(), row.size(), engine_->embedding_multiplier(item), out_u7);
}

}  // namespace sotto
