#include <sotto/report/text.hpp>

#include <catch2/catch_test_macros.hpp>

#include <array>
#include <limits>
#include <string>

using namespace sotto::report;

TEST_CASE("text is safe between tags and in attributes") {
  CHECK(escape("a <b> & \"c\" 'd'") == "a &lt;b&gt; &amp; &quot;c&quot; &#39;d&#39;");
  CHECK(escape("é – 商品\n\t") == "é – 商品\n\t");
  CHECK(escape(std::string("a\0b\x1b", 4)) ==
        "a\xEF\xBF\xBD"
        "b\xEF\xBF\xBD");
}

TEST_CASE("numbers") {
  CHECK(number_text(0.23504, 4) == "0.2350");
  CHECK(number_text(1234567, 0) == "1,234,567");
  CHECK(number_text(-1234.5, 1) == "−1,234.5");
  CHECK(number_text(999, 0) == "999");
  CHECK(number_text(-0.0001, 2) == "0.00");
  CHECK(number_text(std::numeric_limits<double>::quiet_NaN(), 2) == "–");
  CHECK(number_text(std::numeric_limits<double>::infinity(), 2) == "–");
}

TEST_CASE("as many decimals as tell four digits") {
  CHECK(decimals_for(std::array{3.0, 12000.0}) == 0);
  CHECK(decimals_for(std::array{0.3396, 0.2}) == 4);
  CHECK(decimals_for(std::array{1.5, 0.25}) == 3);
  CHECK(decimals_for(std::array{99.5, -0.5}) == 2);
  CHECK(decimals_for(std::array{100.5}) == 1);
  CHECK(decimals_for(std::array{1000.5}) == 0);
  CHECK(decimals_for(std::array{std::numeric_limits<double>::quiet_NaN(), 2.0}) == 0);
}
