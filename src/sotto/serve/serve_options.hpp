// What an operator chooses about the server.
#pragma once

#include <sotto/base/result.hpp>
#include <sotto/serve/sync_options.hpp>
#include <sotto/serve/topic.hpp>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace sotto::serve {

struct ServeOptions {
  std::filesystem::path model;  // a model file that is registered and served; or empty
  std::filesystem::path models;  // the registry's folder; empty: "models" in the data folder
  std::filesystem::path data = "sotto-data";
  std::string postgres;  // URL of a PostgreSQL database; empty: an SQLite file in the data folder
  std::string address = "127.0.0.1";
  unsigned port = 8080;  // 0: any free one
  unsigned threads = 0;  // of the HTTP server; 0: one for each two processors
  unsigned workers = 0;  // that compute; 0: one for each processor
  std::size_t users_in_memory = 50'000;  // about 16 kB each
  std::size_t snapshot_every = 64;  // events of a user
  std::string tls_cert;
  std::string tls_key;
  std::vector<std::string> trusted_proxies;
  std::vector<std::string> origins;
  double rate = 0;  // requests per second and client; 0: no limit
  bool open = false;  // without keys, whatever the address
  bool log_requests = true;
  KafkaOptions kafka;
  std::vector<std::string> stream_workers;  // addresses that are asked for the stream's lists
  SyncOptions sync;
};

// Whether only programs of this machine can connect.
[[nodiscard]] bool is_loopback(const std::string& address) noexcept;

[[nodiscard]] std::filesystem::path store_file(const ServeOptions& options);

}  // namespace sotto::serve
