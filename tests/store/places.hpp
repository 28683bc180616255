// Where a test's store lies: a folder of its own with a SQLite file, or a PostgreSQL database of its own.
#pragma once

#include <sotto/store/store.hpp>

#include <catch2/catch_test_macros.hpp>

#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>
#include <utility>

#include <unistd.h>

namespace sotto::test {

class Folder {
 public:
  Folder() {
    std::string name = (std::filesystem::temp_directory_path() / "sotto-store-XXXXXX").string();
    REQUIRE(::mkdtemp(name.data()) != nullptr);
    path_ = name;
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  ~Folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  [[nodiscard]] std::filesystem::path operator/(const std::string& name) const { return path_ / name; }

 private:
  std::filesystem::path path_;
};

class OnSqlite {
 public:
  [[nodiscard]] Result<std::unique_ptr<store::Store>> try_open() const { return store::open_sqlite(file()); }
  [[nodiscard]] std::unique_ptr<store::Store> open() const {
    auto opened = try_open();
    INFO((opened ? "" : opened.error().detail));
    REQUIRE(opened);
    return std::move(opened).value();
  }
  [[nodiscard]] std::filesystem::path file() const { return folder_ / "sotto.db"; }

 private:
  Folder folder_;
};

// Skips the test where its script started no PostgreSQL.
class OnPostgres {
 public:
  OnPostgres() {
    const char* server = std::getenv("SOTTO_POSTGRES");
    if (server == nullptr || ::access(server, F_OK) != 0) SKIP("tests/store/start_postgres.sh started no PostgreSQL");
    socket_ = std::filesystem::canonical(server).string();
    static int count = 0;
    name_ = "sotto_" + std::to_string(::getpid()) + "_" + std::to_string(++count);
    REQUIRE(psql("postgres", "CREATE DATABASE " + name_));
  }
  OnPostgres(const OnPostgres&) = delete;
  OnPostgres& operator=(const OnPostgres&) = delete;
  ~OnPostgres() { psql("postgres", "DROP DATABASE " + name_ + " WITH (FORCE)"); }

  [[nodiscard]] std::string url() const { return "postgresql://postgres@/" + name_ + "?host=" + socket_; }
  [[nodiscard]] Result<std::unique_ptr<store::Store>> try_open() const { return store::open_postgres(url(), 4); }
  [[nodiscard]] std::unique_ptr<store::Store> open() const {
    auto opened = try_open();
    INFO((opened ? "" : opened.error().detail));
    REQUIRE(opened);
    return std::move(opened).value();
  }
  bool run(const std::string& sql) const { return psql(name_, sql); }

 private:
  bool psql(const std::string& database, const std::string& sql) const {
    const std::string command =
        "psql -q -v ON_ERROR_STOP=1 -h '" + socket_ + "' -U postgres -d " + database + " -c \"" + sql + "\" >/dev/null";
    return std::system(command.c_str()) == 0;
  }

  std::string socket_;
  std::string name_;
};

}  // namespace sotto::test
