#include <sotto/present/provenance.hpp>

#include <fmt/format.h>

namespace sotto::present {

using report::Json;

std::string fingerprint_text(std::uint64_t fingerprint) { return fmt::format("{:016x}", fingerprint); }

Json to_json(const LogIdentity& log) {
  return Json::object({{"name", log.name},
                       {"fingerprint", fingerprint_text(log.fingerprint)},
                       {"order_fingerprint", fingerprint_text(log.order_fingerprint)},
                       {"events", log.events},
                       {"users", log.users},
                       {"first_timestamp", log.first_timestamp},
                       {"last_timestamp", log.last_timestamp}});
}

Json to_json(const SplitRecord& split) {
  return Json::object({{"kind", split.kind},
                       {"training_events", split.training_events},
                       {"validation_targets", split.validation_targets},
                       {"test_targets", split.test_targets},
                       {"validation_trained", split.validation_trained}});
}

Json to_json(const Architecture& architecture) {
  return Json::object({{"items", architecture.items},
                       {"embedding_dim", architecture.embedding_dim},
                       {"hidden_dim", architecture.hidden_dim},
                       {"layers", architecture.layers},
                       {"tied_head", architecture.tied_head},
                       {"skip_connection", architecture.skip_connection},
                       {"history_term", architecture.history_term},
                       {"count_expert", architecture.count_expert},
                       {"memory_term", architecture.memory_term},
                       {"head", architecture.head == HeadKind::binary ? "binary" : "softmax"}});
}

Json to_json(const TrainingRecord& training) {
  Json json = Json::object({{"tool", training.tool},
                            {"log", to_json(training.log)},
                            {"split", to_json(training.split)},
                            {"seed", training.seed},
                            {"epochs", training.epochs},
                            {"validation_ndcg@10", training.validation_ndcg10}});
  if (training.vocabulary.max_items > 0) {
    json.set("vocabulary",
             Json::object({{"max_items", training.vocabulary.max_items}, {"oov_item", training.vocabulary.oov_item}}));
  }
  if (training.validation_accuracy) json.set("validation_accuracy", *training.validation_accuracy);
  json.set("settings", Json::parsed_or_text(training.settings));
  return json;
}

std::string validation_in_words(const TrainingRecord& training) {
  if (training.validation_accuracy) return fmt::format("validation accuracy {:.4f}", *training.validation_accuracy);
  return fmt::format("validation NDCG@10 {:.4f}", training.validation_ndcg10);
}

std::string in_words(const Architecture& architecture) {
  const char* head = architecture.head == HeadKind::binary ? "binary" : architecture.tied_head ? "tied" : "free";
  return fmt::format(
      "Embedding {} × {} → LSTM {} × {} → {} head{}{}{}{}", architecture.items, architecture.embedding_dim,
      architecture.layers, architecture.hidden_dim, head, architecture.skip_connection ? ", skip connection" : "",
      architecture.history_term ? ", history term" : "", architecture.count_expert ? ", count expert" : "",
      architecture.memory_term ? ", memory term" : "");
}

}  // namespace sotto::present
