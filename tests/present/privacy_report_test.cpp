#include <sotto/present/privacy_report.hpp>

#include <nlohmann/json.hpp>

#include <catch2/catch_test_macros.hpp>

#include <cmath>
#include <string>

using namespace sotto;

namespace {

nlohmann::json json_of(const present::PrivacyPlan& plan) {
  auto json = nlohmann::json::parse(to_json(present::examine(plan)).indented_text(), nullptr, false);
  REQUIRE(json.is_object());
  return json;
}

bool is_near(const nlohmann::json& value, double expected, double tolerance) {
  return value.is_number() && std::fabs(value.get<double>() - expected) <= tolerance;
}

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("what reports cost as JSON has the figures by every method, for 28 days and in all") {
  const auto json = json_of({.months = 13});
  CHECK(json["noise"] == 8);
  CHECK(json["reports"] == 4);
  CHECK(json["days"] == 28);
  CHECK(is_near(json["epsilon"]["renyi"], 1.1431687206, 1e-9));
  CHECK(is_near(json["epsilon"]["exact"], 1.0607018623, 1e-9));
  CHECK(is_near(json["epsilon"]["exact_discrete"], 1.0605862638, 1e-7));
  CHECK(is_near(json["laplace"]["epsilon"], 0.7070953694, 1e-9));
  CHECK(is_near(json["laplace"]["scale"], 5.6568542495, 1e-9));
  CHECK(json["lifetime"]["reports"] == 52);
  CHECK(is_near(json["lifetime"]["epsilon"]["renyi"], 4.6447699572, 1e-9));
  CHECK(is_near(json["lifetime"]["epsilon"]["exact"], 4.3437323519, 1e-9));
  CHECK_FALSE(json.contains("wish"));
  CHECK(is_near(json["histogram"]["noise"], 11.3137, 1e-4));
}

TEST_CASE("noise for a wish grants it, rounded up to hundredths") {
  const auto json = json_of({.wished_epsilon = 1.0});
  CHECK(is_near(json["wish"]["noise"]["renyi"], 9.062, 1e-3));
  CHECK(is_near(json["wish"]["noise"]["exact"], 8.449, 1e-3));
  CHECK(is_near(json["wish"]["noise"]["laplace"], 5.657, 1e-3));
  CHECK(is_near(json["noise"], 9.07, 1e-12));
  CHECK(json["epsilon"]["renyi"] <= 1.0);
  CHECK(json["epsilon"]["renyi"] > 0.99);
  CHECK(json["laplace"]["noise"] == 5.66);
  CHECK(json["laplace"]["epsilon"] <= 1.0);
}

TEST_CASE("one mechanism alone shows nothing of the other") {
  const auto gaussian = json_of({.wished_epsilon = 1.0, .shows_laplace = false});
  CHECK_FALSE(gaussian.contains("laplace"));
  CHECK_FALSE(gaussian["wish"]["noise"].contains("laplace"));
  CHECK_FALSE(gaussian["lifetime"].contains("laplace"));
  const present::PrivacyPlan laplace_plan{.noise = 4, .shows_gaussian = false};
  const auto laplace = json_of(laplace_plan);
  CHECK_FALSE(laplace.contains("epsilon"));
  CHECK(is_near(laplace["laplace"]["epsilon"], 1.41420, 1e-4));
  const std::string text = to_text(present::examine(laplace_plan));
  CHECK_FALSE(has(text, "Gaussian"));
  CHECK(has(text, "Laplace 4, exact for discrete noise"));
}

TEST_CASE("what reports cost as text has an answer for the operator and one for a visitor") {
  const std::string text = to_text(present::examine({}));
  CHECK(has(text, "\n  Gaussian 8, bound by Rényi divergence             1.143         4.441\n"));
  CHECK(has(text, "\n  Laplace 8, exact for discrete noise               0.707         5.873\n"));
  CHECK(has(text,
            "\nFor the operator\n  While one of the two aggregators is honest, a user's 4 reports in 28 days cost an "
            "epsilon of at most 1.143 at delta 1e-06, and those of 12 times 28 days at most 4.441."));
  CHECK(has(text, "Laplace noise costs less over 28 days, and Gaussian noise over 12 times 28 days."));
  CHECK(has(text,
            "After 28 days they can be at most 76 % sure, and after 12 times 28 days at most 99 %. This holds except "
            "for a chance of 1 in 1,000,000."));
}

TEST_CASE("a batch that noise drowns is called useless, and one report is in the singular") {
  const std::string text = to_text(present::examine({.reports = 1, .min_batch = 20}));
  CHECK(has(text, "A batch of this size shows nothing"));
  CHECK(has(text, "At most one report of one choice"));
  CHECK(has(text, "Your device sends at most one choice in 28 days."));
  CHECK_FALSE(has(to_text(present::examine({})), "shows nothing"));
}

TEST_CASE("noise below 2 has no exact figure for discrete noise") {
  CHECK(json_of({.noise = 1.5})["epsilon"]["exact_discrete"].is_null());
  CHECK(has(to_text(present::examine({.noise = 1.5})),
            "Gaussian 1.5, exact for discrete noise                –             –\n"));
}
