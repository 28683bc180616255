// Every option that takes a number refuses what is none and what is out of its range, by its name.
#include "workplace.hpp"

#include <catch2/catch_test_macros.hpp>

#include <regex>
#include <set>
#include <string>
#include <vector>

using namespace sotto::test;

namespace {

struct NumberOption {
  std::string name;
  bool is_whole = false;
  bool has_range = false;
};

std::vector<std::string> subcommands(const Workplace& place) {
  const std::string help = place.run({"--help"}).out;
  std::vector<std::string> names;
  const std::regex line("\n  ([a-z]+) {2,}[A-Z]");
  for (std::sregex_iterator at(help.begin(), help.end(), line), end; at != end; ++at) {
    if (const std::string name = (*at)[1]; name != "help" && name != "completion") names.push_back(name);
  }
  return names;
}

// As the help tells them: "  --epochs N:UINT in [0 - 10000]=0", "  --seed N=1".
std::vector<NumberOption> number_options(const std::string& help) {
  std::vector<NumberOption> options;
  std::set<std::string> seen;
  const std::regex line("\n  (--[a-z0-9-]+) [^\n]*?:(UINT|FLOAT)( in \\[)?[^\n]*");
  const std::regex seed("\n  (--[a-z-]*seed) N");
  for (std::sregex_iterator at(help.begin(), help.end(), line), end; at != end; ++at) {
    if (seen.insert((*at)[1]).second) options.push_back({(*at)[1], (*at)[2] == "UINT", (*at)[3].matched});
  }
  for (std::sregex_iterator at(help.begin(), help.end(), seed), end; at != end; ++at) {
    if (seen.insert((*at)[1]).second) options.push_back({(*at)[1], true, false});
  }
  return options;
}

}  // namespace

TEST_CASE("options that take numbers refuse other texts and numbers out of range") {
  const Workplace place;
  std::size_t options = 0;
  for (const std::string& subcommand : subcommands(place)) {
    for (const NumberOption& option : number_options(place.run({subcommand, "--help"}).out)) {
      ++options;
      std::vector<std::string> wrong = {"x", "", "nan", "99999999999999999999999999", "1e999"};
      if (option.is_whole) wrong.insert(wrong.end(), {"-1", "1.5", "18446744073709551616"});
      if (!option.is_whole && !option.has_range) std::erase(wrong, "99999999999999999999999999");
      for (const std::string& value : wrong) {
        CAPTURE(subcommand, option.name, value);
        const Finished finished = place.run({subcommand, option.name + "=" + value});
        CHECK(finished.code == 2);
        CHECK(finished.err.find(option.name + ": ") != std::string::npos);
      }
    }
  }
  CHECK(options > 60);
}
