// Text from outside that a page must not take for its own, and what a self-contained page looks like.
#pragma once

#include <catch2/catch_test_macros.hpp>

#include <string>

namespace sotto::test {

inline const std::string hostile = "</title><script>alert('x')</script>\" onload=\"x";

// A page that runs no script, loads nothing and shows hostile text as text.
inline void check_self_contained(const std::string& html) {
  CHECK(html.starts_with("<!DOCTYPE html>"));
  for (const char* part : {"<script", " onload=\"", "src=", "href=", "url(", "http:", "https:"}) {
    CAPTURE(part);
    CHECK(html.find(part) == std::string::npos);
  }
  CHECK(html.find("&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;") != std::string::npos);
}

}  // namespace sotto::test
