#include <sotto/app/interruption.hpp>
#include <sotto/cli/console.hpp>
#include <sotto/cli/exit_code.hpp>
#include <sotto/cli/subcommands.hpp>
#include <sotto/serve/api_keys.hpp>
#include <sotto/serve/service.hpp>

#include <fmt/format.h>

#include <cstdio>
#include <memory>
#include <utility>

namespace sotto::cli {
namespace {

struct ServeCommand {
  serve::ServeOptions options;
  std::string model;
  std::string models;
  std::string data = "sotto-data";
  std::string config;
  std::string sync_tasks;
  std::string sync_keys;
  std::string sync_counts;
  std::string backup;
  bool check = false;
  std::string make_key;  // NAME:SCOPES
  app::LogFormat log = app::LogFormat::text;
  bool quiet = false;
};

int run_backup(app::Logger& log, const ServeCommand& command) {
  auto store = serve::open_store_beside(command.options);
  if (!store) return fail(log, store.error());
  if (const auto status = (*store)->backup(command.backup); !status) return fail(log, status.error());
  print(fmt::format("wrote {}\n", command.backup));
  return exit_ok;
}

int run_check(app::Logger& log, const ServeCommand& command) {
  auto store = serve::open_store_beside(command.options);
  if (!store) return fail(log, store.error());
  const auto problems = (*store)->check();
  if (!problems) return fail(log, problems.error());
  for (const std::string& problem : *problems) print(problem + "\n");
  if (!problems->empty()) return exit_failure;
  print(fmt::format("{}: nothing is wrong\n", (*store)->description()));
  return exit_ok;
}

int run_make_key(app::Logger& log, const ServeCommand& command) {
  const std::size_t colon = command.make_key.rfind(':');
  auto store = serve::open_store_beside(command.options);
  if (!store) return fail(log, store.error());
  serve::ApiKeys keys(**store, serve::ApiKeys::WithoutKeys::closed);
  const auto made =
      keys.make(command.make_key.substr(0, colon), command.make_key.substr(colon + 1), serve::system_time());
  if (!made) return fail(log, made.error());
  print(fmt::format("{}\nIt is shown only now. Clients send it as: Authorization: Bearer KEY\n", made->key));
  return exit_ok;
}

int run_server(const ServeCommand& command) {
  app::Logger log = app::Logger::to_stderr("sotto serve", command.log);
  const auto& stops = app::stop_on_interruption();
  auto service = serve::Service::open(command.options, log);
  if (!service) return fail(log, service.error());
  std::string text;
  for (const std::string& line : (*service)->announcement()) text += "sotto serve: " + line + "\n";
  print(text);
  std::fflush(stdout);  // whoever started the server waits for its address
  (*service)->run(stops);
  log.info("stopped; all requests were answered and all events are stored");
  return exit_ok;
}

int run(app::Logger& log, ServeCommand& command) {
  command.options.model = command.model;
  command.options.models = command.models;
  command.options.data = command.data;
  command.options.log_requests = !command.quiet;
  command.options.sync.tasks = command.sync_tasks;
  command.options.sync.keys = command.sync_keys;
  command.options.sync.counts = command.sync_counts;
  if (!command.backup.empty()) return run_backup(log, command);
  if (command.check) return run_check(log, command);
  if (!command.make_key.empty()) return run_make_key(log, command);
  return run_server(command);
}

void add_content_options(Command command, ServeCommand& serve) {
  const char* heading = "What it serves, and where it keeps it";
  command.option("--model", serve.model, "fixed-point model to serve, under the name of its file")
      .type("FILE")
      .group(heading);
  command.option("--models", serve.models, "folder of the models' versions")
      .type("FOLDER")
      .shows_default("DATA/models")
      .group(heading);
  command.option("--data", serve.data, "folder of the store and of the models")
      .type("FOLDER")
      .shows_default()
      .group(heading);
  command
      .option("--postgres", serve.options.postgres,
              "keep users in this PostgreSQL database instead of an SQLite file, postgresql://USER@HOST/NAME")
      .type("URL")
      .group(heading);
  command.option("--users-in-memory", serve.options.users_in_memory, "users who stay in memory, about 16 kB each")
      .range(std::size_t{64}, std::size_t{100'000'000})
      .type("N")
      .shows_default()
      .group(heading);
  command
      .option("--snapshot-every", serve.options.snapshot_every,
              "save a user's state after so many events; until then the events are kept one by one")
      .range(std::size_t{1}, std::size_t{1'000'000})
      .type("N")
      .shows_default()
      .group(heading);
}

void add_network_options(Command command, ServeCommand& serve) {
  const char* heading = "Network";
  command.option("--address", serve.options.address, "address to listen on")
      .type("ADDRESS")
      .shows_default()
      .group(heading);
  command.option("--port", serve.options.port, "port to listen on; 0: any free one")
      .range(0U, 65'535U)
      .type("N")
      .shows_default()
      .group(heading);
  command
      .option("--threads", serve.options.threads, "threads that read and write connections; 0: half of the processors")
      .range(0U, 1024U)
      .type("N")
      .shows_default()
      .group(heading);
  command.option("--workers", serve.options.workers, "threads that compute; 0: one for each processor")
      .range(0U, 1024U)
      .type("N")
      .shows_default()
      .group(heading);
  command.option("--tls-cert", serve.options.tls_cert, "certificate with its chain, PEM").type("FILE").group(heading);
  command.option("--tls-key", serve.options.tls_key, "the certificate's key, PEM").type("FILE").group(heading);
  command
      .option("--trusted-proxy", serve.options.trusted_proxies,
              "address of a proxy whose X-Forwarded-For is believed; may be given several times")
      .type("ADDRESS")
      .repeats()
      .list(',')
      .group(heading);
  command
      .option("--origin", serve.options.origins,
              "origin whose pages may call the server, such as https://shop.example; may be given several times")
      .type("ORIGIN")
      .repeats()
      .list(',')
      .group(heading);
  command.option("--rate", serve.options.rate, "requests per second and client; 0: no limit")
      .range(0.0, 1e6)
      .type("N")
      .shows_default()
      .group(heading);
  command.flag("--open", serve.options.open, "serve without keys on an address that other machines reach")
      .group(heading);
}

void add_kafka_options(Command command, ServeCommand& serve) {
  const char* heading = "Kafka and the stream (docs/server.md)";
  serve::KafkaOptions& kafka = serve.options.kafka;
  command
      .option("--kafka-brokers", kafka.brokers,
              "send events to a topic as well; addresses HOST:PORT of brokers, separated by commas")
      .type("LIST")
      .group(heading);
  command.option("--kafka-topic", kafka.topic, "topic of the events").type("NAME").shows_default().group(heading);
  command
      .option("--kafka-setting", kafka.settings,
              "setting of librdkafka, such as security.protocol=ssl; may be given several times")
      .type("NAME=VALUE")
      .repeats()
      .group(heading);
  command
      .option("--stream-worker", serve.options.stream_workers,
              "address of a worker of the stream, such as http://worker:8090, which is asked for a user's list; may be "
              "given several times")
      .type("URL")
      .repeats()
      .list(',')
      .group(heading);
}

void add_sync_options(Command command, ServeCommand& serve) {
  const char* heading = "Private sync (docs/sync_operations.md)";
  serve::SyncOptions& sync = serve.options.sync;
  command
      .choice("--role", sync.role,
              std::vector<std::pair<std::string, serve::SyncRole>>{{"none", serve::SyncRole::none},
                                                                   {"leader", serve::SyncRole::leader},
                                                                   {"helper", serve::SyncRole::helper}},
              "aggregator that this server is as well")
      .shows_default("none")
      .group(heading);
  command.option("--sync-endpoint", sync.endpoint, "this server's address for devices and for the other aggregator")
      .type("URL")
      .shows_default("http://ADDRESS:PORT")
      .group(heading);
  command.option("--sync-helper", sync.helper, "leader: the helper's address").type("URL").group(heading);
  command
      .option("--sync-tasks", serve.sync_tasks,
              "folder of the tasks' files. The leader writes them, and a helper takes part in those that it finds")
      .type("FOLDER")
      .shows_default("DATA/sync/tasks")
      .group(heading);
  command.option("--sync-keys", serve.sync_keys, "file of this aggregator's secret keys, made where there is none")
      .type("FILE")
      .shows_default("DATA/sync/keys.json")
      .group(heading);
  command.option("--sync-min-batch", sync.min_batch, "reports of a batch. A helper takes no task with a smaller floor")
      .range(std::size_t{1}, std::size_t{10'000'000})
      .type("N")
      .shows_default()
      .group(heading);
  command
      .option("--sync-noise", sync.noise,
              "deviation of the noise that each aggregator adds, in reports; 0 is for tests alone")
      .range(0.0, 1000.0)
      .type("Z")
      .shows_default()
      .group(heading);
  command.option("--sync-reports", sync.reports_per_28_days, "leader: reports of a device in 28 days, at most")
      .range(std::size_t{1}, std::size_t{672})
      .type("K")
      .shows_default()
      .group(heading);
  command.option("--sync-slots", sync.slots, "leader: slots of a report")
      .range(std::size_t{2}, std::size_t{65'536})
      .type("N")
      .shows_default()
      .group(heading);
  command.option("--sync-days", sync.task_days, "leader: days until a task ends and the next one begins")
      .range(std::size_t{7}, std::size_t{3650})
      .type("N")
      .shows_default()
      .group(heading);
  command
      .option("--sync-counts", serve.sync_counts,
              "leader: how often each item is chosen, lines ITEM,COUNT; by default the model's list for a new user")
      .type("FILE")
      .group(heading);
  command
      .flag("--single-operator", sync.is_single_operator,
            "leader: leader and helper belong to one operator, and the manifest says so")
      .group(heading);
  command.option("--sync-words", sync.operator_words, "leader: what the manifest tells visitors of the operators")
      .type("TEXT")
      .group(heading);
  command.flag("--sync-tokens", sync.needs_tokens, "leader: take no report without an upload token").group(heading);
  command.option("--sync-job-reports", sync.job_reports, "leader: reports that are verified together")
      .range(std::size_t{1}, std::size_t{1000})
      .type("N")
      .shows_default()
      .group(heading);
}

void add_task_options(Command command, ServeCommand& serve) {
  const char* heading = "Instead of serving";
  const Option backup =
      command.option("--backup", serve.backup, "write a whole copy of the store, also while a server runs")
          .type("FILE")
          .group(heading);
  const Option check =
      command.flag("--check", serve.check, "look for damage in the store").excludes(backup).group(heading);
  command
      .option("--make-key", serve.make_key,
              "make an API key and print it; scopes: recommend, events, admin, separated by commas")
      .type("NAME:SCOPES")
      .check([](const std::string& text) {
        return text.find(':') == std::string::npos ? std::string("is not NAME:SCOPES") : std::string();
      })
      .excludes(backup)
      .excludes(check)
      .group(heading);
}

}  // namespace

Run add_serve(Command command) {
  auto serve = std::make_shared<ServeCommand>();
  add_content_options(command, *serve);
  add_network_options(command, *serve);
  add_kafka_options(command, *serve);
  add_sync_options(command, *serve);
  command
      .choice("--log", serve->log,
              std::vector<std::pair<std::string, app::LogFormat>>{{"text", app::LogFormat::text},
                                                                  {"json", app::LogFormat::json}},
              "format of the log on standard error")
      .shows_default("text");
  command.flag("--quiet", serve->quiet, "do not log each request");
  const Option config =
      command
          .option("--config", serve->config,
                  "take options from this file: lines such as port = 80, without the dashes. Every option is also an "
                  "environment variable, such as SOTTO_SERVE_PORT. What is typed wins, then the environment")
          .type("FILE");
  add_task_options(command, *serve);
  command.take_from_environment("SOTTO_SERVE");
  command.take_from_file(config, [serve] {
    const bool has_one = serve->options.tls_cert.empty() != serve->options.tls_key.empty();
    return has_one ? std::string("--tls-cert and --tls-key belong together") : std::string();
  });
  return [serve](app::Logger& log) { return run(log, *serve); };
}

}  // namespace sotto::cli
