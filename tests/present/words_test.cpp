#include <sotto/present/words.hpp>

#include <catch2/catch_test_macros.hpp>

using namespace sotto::present;

TEST_CASE("sizes have decimal units") {
  CHECK(bytes_in_words(0) == "0 bytes");
  CHECK(bytes_in_words(999) == "999 bytes");
  CHECK(bytes_in_words(1000) == "1.0 kB");
  CHECK(bytes_in_words(1'250'000) == "1.25 MB");
  CHECK(bytes_in_words(2'500'000'000) == "2.50 GB");
}

TEST_CASE("times are told in the two largest units") {
  CHECK(seconds_in_words(0.04) == "0.0 s");
  CHECK(seconds_in_words(3.2) == "3.2 s");
  CHECK(seconds_in_words(245) == "4 min 05 s");
  CHECK(seconds_in_words(3600) == "1 h 00 min");
  CHECK(seconds_in_words(7380) == "2 h 03 min");
}

TEST_CASE("dates are those of UTC") {
  CHECK(date(0) == "1970-01-01");
  CHECK(date(-1) == "1969-12-31");
  CHECK(date(1'323'388'800) == "2011-12-09");
  CHECK(date(951'782'399) == "2000-02-28");
  CHECK(date(951'782'400) == "2000-02-29");
  CHECK(date(253'402'300'799) == "9999-12-31");
  CHECK(date(-62'135'596'800) == "0001-01-01");
}
