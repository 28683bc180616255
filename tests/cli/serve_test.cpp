// The options of 'sotto serve': typed, from the environment and from a file, and what it does instead of serving. Tests
// of the running server are in tests/server.
#include "workplace.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace sotto::test;

namespace {

// Whether this program was built with the server.
bool has_server(const Workplace& place) { return place.run({"--help"}).out.find("\n  serve ") != std::string::npos; }

// An environment variable for one test.
class Environment {
 public:
  Environment(const char* name, const std::string& value) : name_(name) { ::setenv(name, value.c_str(), 1); }
  Environment(const Environment&) = delete;
  Environment& operator=(const Environment&) = delete;
  ~Environment() { ::unsetenv(name_); }

 private:
  const char* name_;
};

}  // namespace

TEST_CASE("serve takes what is typed, then the environment, then the file") {
  const Workplace place;
  if (!has_server(place)) SKIP("built without the server");
  write(place.path("serve.toml"), "data = \"from-file\"\norigin = [\"https://shop.example\"]\nopen = true\n");
  const std::vector<std::string> make_key{"serve", "--make-key", "tests:recommend", "--config", "serve.toml"};
  CHECK(place.run(make_key).code == 0);
  CHECK(fs::exists(place.path("from-file")));
  const Environment data("SOTTO_SERVE_DATA", "from-environment");
  CHECK(place.run(make_key).code == 0);
  CHECK(fs::exists(place.path("from-environment")));
  auto typed = make_key;
  typed.insert(typed.end(), {"--data", "typed"});
  CHECK(place.run(typed).code == 0);
  CHECK(fs::exists(place.path("typed")));
}

TEST_CASE("serve refuses settings that it does not know, by name") {
  const Workplace place;
  if (!has_server(place)) SKIP("built without the server");
  const auto with_file = [&](const std::string& text) {
    write(place.path("serve.toml"), text);
    return place.run({"serve", "--config", "serve.toml", "--check"});
  };
  for (const char* text : {"prot = 80\n", "[server]\nport = 80\n", "config = \"other.toml\"\n"}) {
    CAPTURE(text);
    const Finished finished = with_file(text);
    CHECK(finished.code == 2);
    CHECK_FALSE(finished.err.empty());
  }
  CHECK(with_file("prot = 80\n").err.find("prot") != std::string::npos);
  CHECK(with_file("port = 65536\n").code == 2);
  CHECK(place.run({"serve", "--config", "missing.toml", "--check"}).code == 2);
  CHECK(place.run({"serve", "--tls-cert", "c.pem"}).err.find("--tls-key") != std::string::npos);
  const Environment port("SOTTO_SERVE_PORT", "many");
  CHECK(place.run({"serve", "--check"}).code == 2);
}

TEST_CASE("serve backs up, checks and makes keys instead of serving") {
  const Workplace place;
  if (!has_server(place)) SKIP("built without the server");
  const Finished made = place.run({"serve", "--data", "d", "--make-key", "tests:recommend,events"});
  REQUIRE(made.code == 0);
  CHECK(made.out.starts_with("sk_"));
  CHECK(place.run({"serve", "--data", "d", "--make-key", "tests:everything"}).code == 1);
  CHECK(place.run({"serve", "--data", "d", "--make-key", "tests"}).code == 2);
  CHECK(place.run({"serve", "--data", "d", "--backup", "copy.db"}).code == 0);
  CHECK(fs::exists(place.path("copy.db")));
  const Finished again = place.run({"serve", "--data", "d", "--backup", "copy.db"});
  CHECK(again.code == 1);
  CHECK(again.err.find("copy.db") != std::string::npos);
  CHECK(place.run({"serve", "--data", "d", "--check"}).code == 0);
  write(place.path("d") / "sotto.db", std::string(5000, 'x'));
  CHECK(place.run({"serve", "--data", "d", "--check"}).code == 1);
}
