// What must hold of anything that an importer accepts.
#pragma once

#include <sotto/convert/imported_model.hpp>
#include <sotto/model/model_file.hpp>
#include <sotto/runtime/float_session.hpp>

#include <vector>

namespace sotto::fuzz {

// It runs, and its file is read back.
inline void check(const Result<convert::ImportedModel>& imported) {
  if (!imported) return;
  const FloatModel& model = imported.value().model;
  FloatSession session(model.weights);
  session.observe(0);
  if (model.info.architecture.head == HeadKind::binary) {
    static_cast<void>(session.candidate_score(model.info.architecture.items - 1));
  } else {
    std::vector<float> scores(model.info.architecture.items);
    session.scores(scores);
  }
  if (!parse_float_model(serialize(model))) __builtin_trap();
}

}  // namespace sotto::fuzz
