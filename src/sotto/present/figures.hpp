// Figures as reports print them.
#pragma once

#include <sotto/evaluate/evaluate.hpp>
#include <sotto/report/bars.hpp>

#include <cstddef>
#include <cstdint>
#include <string>

namespace sotto::present {

[[nodiscard]] std::string count(std::uint64_t value);  // "12,345"
[[nodiscard]] std::string number(double value);        // a metric, 0 … 1: "0.1234"
// 0 … 1; 0 of nothing.
[[nodiscard]] double share(std::uint64_t part, std::uint64_t whole) noexcept;

// A share 0 … 1 as percent. On a page the space before the sign does not break; in plain text it is a plain one.
[[nodiscard]] std::string percent_on_page(double share, int decimals);
[[nodiscard]] std::string percent_in_text(double share, int decimals);

// A bar with the estimate's interval, in the color of a series of the legend.
[[nodiscard]] report::Bar bar_of(std::string label, const evaluate::Estimate& estimate, std::size_t series);

}  // namespace sotto::present
