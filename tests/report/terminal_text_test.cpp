#include <sotto/report/terminal_text.hpp>

#include <catch2/catch_test_macros.hpp>

#include <string>

using sotto::report::for_terminal;
using sotto::report::json_for_terminal;

TEST_CASE("a terminal gets text as it is, in every script") {
  for (const char* text : {"", "Lunch bag", "Ελληνικά 日本語 🎁 … é", "two\nlines\twith a tab"})
    CHECK(for_terminal(text) == text);
}

TEST_CASE("what a terminal would obey is shown instead") {
  CHECK(for_terminal("\x1b[31mred") == "\\x1b[31mred");
  CHECK(for_terminal(std::string("\0", 1)) == "\\x00");
  CHECK(for_terminal("\r\b\x7f") == "\\x0d\\x08\\x7f");
  CHECK(for_terminal("\xc2\x9b"
                     "31m") == "\\u009b31m");                    // one character that begins a sequence
  CHECK(for_terminal("a\xe2\x80\xae"
                     "b\xe2\x81\xa6") == "a\\u202eb\\u2066");  // the direction of writing
}

TEST_CASE("JSON for a terminal is the same document in escapes") {
  CHECK(json_for_terminal("{\n\t\"ü\": \"日本語 🎁\"\n}") == "{\n\t\"ü\": \"日本語 🎁\"\n}");
  CHECK(json_for_terminal("[\"\xc2\x9b"
                          "31m\x7f\xe2\x80\xae\"]") == R"(["\u009b31m\u007f\u202e"])");
  CHECK(json_for_terminal(R"(["\u001b\\"])") == R"(["\u001b\\"])");
  CHECK(json_for_terminal("[\"\x9b\"]") == R"(["\ufffd"])");  // not UTF-8, and so not JSON
}

TEST_CASE("bytes that are not UTF-8 are shown one by one") {
  CHECK(for_terminal("\x9b") == "\\x9b");
  CHECK(for_terminal("\xc0\xaf") == "\\xc0\\xaf");                  // overlong
  CHECK(for_terminal("\xe0\x80\x9b") == "\\xe0\\x80\\x9b");         // overlong
  CHECK(for_terminal("\xed\xa0\x80") == "\\xed\\xa0\\x80");         // a surrogate
  CHECK(for_terminal("\xf4\x90\x80\x80") == "\\xf4\\x90\\x80\\x80");  // above 10FFFF
  CHECK(for_terminal("caf\xe9") == "caf\\xe9");
  CHECK(for_terminal("\xe2\x82") == "\\xe2\\x82");  // cut
}
