#include <sotto/cli/table_options.hpp>

#include <fmt/format.h>

namespace sotto::cli {

void add_table_options(Command command, data::TableOptions& table, const TableWords& words) {
  const auto place = [&words](Option option) {
    option.group(words.group);
    if (words.needs) option.needs(*words.needs);
    return option;
  };
  place(command.text(
            words.prefix + "format",
            [&table](const std::string& name) {
              table.format = data::parse_table_format(name);
              return std::string();
            },
            fmt::format("{}'s format; without it: from its beginning", words.file)))
      .one_of({"csv", "tsv", "jsonl", "json"})
      .type("csv|tsv|jsonl|json");
  place(command.text(
            words.prefix + "delimiter",
            [&table](const std::string& text) {
              table.delimiter = data::Delimiter::parse(text);
              return std::string(table.delimiter ? "" : "expected a delimiter such as ';', '|', '::', tab or space");
            },
            fmt::format("what stands between fields: a text such as ';' or '::', tab, or space for any run of spaces; "
                        "without it: from {}'s beginning",
                        words.file)))
      .type("TEXT");
  place(command.flag(words.prefix + "no-header", table.no_header,
                     fmt::format("the first row is {}; without it: from what is in it. Columns are then named by "
                                 "position",
                                 words.row)));
}

}  // namespace sotto::cli
