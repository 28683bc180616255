// The whole server: store, models, users, routes and connections.
#pragma once

#include <sotto/app/logger.hpp>
#include <sotto/base/result.hpp>
#include <sotto/serve/serve_options.hpp>
#include <sotto/serve/store_watch.hpp>
#include <sotto/store/store.hpp>

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace sotto::serve {

// Seconds since 1970 by the system's clock.
[[nodiscard]] std::int64_t system_time();

// Opens the store that the options name, and makes its folder. Fails as the store does.
[[nodiscard]] Result<std::unique_ptr<store::Store>> open_store(const ServeOptions& options);

// The same for a backup, a check or a new key, also where a server has the SQLite file.
[[nodiscard]] Result<std::unique_ptr<store::Store>> open_store_beside(const ServeOptions& options);

class Service {
 public:
  // Opens the store and the models and binds the address. Errors name the file, the option or the address. The logger
  // must outlive the service.
  [[nodiscard]] static Result<std::unique_ptr<Service>> open(const ServeOptions& options, app::Logger& log,
                                                             Clock now = system_time);
  virtual ~Service() = default;

  [[nodiscard]] virtual std::uint16_t port() const noexcept = 0;
  // What was opened, where it listens, and what is off: lines for people.
  [[nodiscard]] virtual std::vector<std::string> announcement() const = 0;
  // Serves until `stops` is set. It then finishes the requests that it has, and saves the states that are due.
  virtual void run(const std::atomic<bool>& stops) = 0;
};

}  // namespace sotto::serve
