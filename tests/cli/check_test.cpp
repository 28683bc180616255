// `sotto check` from the outside.
#include "workplace.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace sotto::test;

TEST_CASE("a check says what is in the log, as text, JSON and a page") {
  const Workplace place;
  write(place.path("items.csv"), "item_id,title\nitem1,One\nitem2,Two\nelsewhere,Three\n");
  const Finished text = place.run({"check", "--interactions", "log.csv"});
  CHECK(text.code == 0);
  CHECK(text.err.empty());
  CHECK(text.out.find("log.csv: 1440 events of 120 users on 20 items (fingerprint ") == 0);
  for (const char* part : {"\nRows\n", "\nUsers\n", "\nItems\n", "\nTime\n", "\nWorth a look\n"}) {
    CAPTURE(part);
    CHECK(text.out.find(part) != std::string::npos);
  }

  const Finished json =
      place.run({"check", "--interactions", "log.csv", "--items", "items.csv", "--json", "--html", "page.html"});
  REQUIRE(json.code == 0);
  const Json report = parse(json.out);
  CHECK(report["rows"]["read"] == 1440);
  CHECK(report["users"]["events_per_user"]["median"] == 12);
  CHECK(report["items"]["items_file"]["items"] == 3);
  CHECK(report["items"]["items_file"]["of_the_log"] == 2);
  CHECK(report["time"]["period"] == "day");
  CHECK(report["problems"].dump().find("items_not_described") != std::string::npos);

  const std::string page = contents(place.path("page.html"));
  CHECK(page.find("<svg") != std::string::npos);
  CHECK(page.find("Length of histories") != std::string::npos);
  CHECK(page.find("sotto check --interactions log.csv --items items.csv --html page.html") != std::string::npos);
  CHECK(page.find("<script") == std::string::npos);
  CHECK(page.find("http://") == std::string::npos);
}

TEST_CASE("a strict check fails when anything is worth a look") {
  const Workplace place;
  // 1970 is no plausible beginning.
  CHECK(place.run({"check", "--interactions", "log.csv", "--strict"}).code == 1);
  std::string sound = "user_id,item_id,timestamp\n";
  for (int user = 0; user < 20; ++user) {
    for (int event = 0; event < 10; ++event) {
      sound += "u" + std::to_string(user) + ",item" + std::to_string((user + event) % 15) + "," +
               std::to_string(1'700'000'000 + event * 100) + "\n";
    }
  }
  write(place.path("sound.csv"), sound);
  const Finished good = place.run({"check", "--interactions", "sound.csv", "--strict"});
  CAPTURE(good.out);
  CHECK(good.code == 0);
  CHECK(good.out.find("nothing: the log looks sound") != std::string::npos);

  write(place.path("sound.csv"), sound + "u1,item1,tomorrow\n");
  const Finished bad = place.run({"check", "--interactions", "sound.csv", "--strict", "--json"});
  CHECK(bad.code == 1);
  const Json report = parse(bad.out);
  CHECK(report["problems"][0]["problem"] == "rows_refused");
  CHECK(report["rows"]["refused_by_rule"]["timestamp"]["first"].dump().find("sound.csv:202: column 'timestamp' is "
                                                                            "'tomorrow'") != std::string::npos);
}

TEST_CASE("a check fails like the others") {
  const Workplace place;
  const Finished missing = place.run({"check", "--interactions", "none.csv"});
  CHECK(missing.code == 1);
  CHECK(missing.err == "sotto check: none.csv: cannot open: No such file or directory\n");
  CHECK(place.run({"check"}).code == 2);
  CHECK(place.run({"check", "--interactions", "log.csv", "--html", "no/page.html"}).code == 1);
}
