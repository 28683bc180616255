// Private sync as a part of the server: its store, its keys, and the leader or the helper.
#pragma once

#include <sotto/aggregate/helper.hpp>
#include <sotto/aggregate/leader.hpp>
#include <sotto/app/logger.hpp>
#include <sotto/base/result.hpp>
#include <sotto/serve/in_background.hpp>
#include <sotto/serve/registry.hpp>
#include <sotto/serve/router.hpp>
#include <sotto/serve/serve_options.hpp>
#include <sotto/serve/sync_model.hpp>
#include <sotto/serve/workers.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace sotto::serve {

class SyncService {
 public:
  // Opens the store and the keys. What is referred to must outlive the service. Fails with invalid_argument where an
  // option is missing, and as the store and the keys do.
  [[nodiscard]] static Result<std::unique_ptr<SyncService>> open(const ServeOptions& options, const Registry& registry,
                                                                 app::Logger& log, Clock now);
  ~SyncService();

  void add_routes(Router& router, Workers& workers, const InBackground& in_background);
  // Follows the current model or the folder of tasks. Called about every second, and once before the server runs, when
  // its failure counts.
  [[nodiscard]] Status keep_up();
  [[nodiscard]] std::vector<std::string> announcement() const;
  // Ends the threads; what waits stays in the store.
  void stop();

 private:
  SyncService(const ServeOptions& options, const Registry& registry, app::Logger& log, Clock now,
              aggregate::Keyring keys, std::unique_ptr<store::AggregationStore> store);
  [[nodiscard]] Status take_counts();
  [[nodiscard]] Status follow_model();

  const SyncOptions options_;
  const std::string endpoint_;
  const Registry& registry_;
  app::Logger& log_;
  const Clock now_;
  const aggregate::Keyring keys_;
  const std::unique_ptr<store::AggregationStore> store_;
  const std::unique_ptr<privacy::Entropy> entropy_;
  std::optional<ItemCounts> counts_;
  std::unique_ptr<aggregate::Leader> leader_;
  std::unique_ptr<aggregate::Helper> helper_;
};

}  // namespace sotto::serve
