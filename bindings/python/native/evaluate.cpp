#include "bindings.hpp"
#include "log_input.hpp"
#include "options.hpp"

#include <sotto/app/float_original.hpp>
#include <sotto/app/model_files.hpp>
#include <sotto/app/output_files.hpp>
#include <sotto/base/hash.hpp>
#include <sotto/cli/evaluate_options.hpp>
#include <sotto/data/files.hpp>
#include <sotto/evaluate/arms.hpp>
#include <sotto/model/model_file.hpp>
#include <sotto/pipeline/evaluate_model.hpp>
#include <sotto/present/evaluation_report.hpp>
#include <sotto/present/model_description.hpp>

#include <nanobind/stl/optional.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include <fmt/format.h>

#include <span>
#include <utility>

namespace sotto::python {
namespace {

namespace nb = nanobind;

std::span<const std::byte> view_of(const nb::bytes& bytes) {
  return {reinterpret_cast<const std::byte*>(bytes.c_str()), bytes.size()};
}

struct Evaluated {
  std::string json;
  std::string text;
};

Evaluated evaluate(ParsedOptions<cli::EvaluateOptions>& options, const FrameColumns* columns,
                   std::span<const std::byte> file, std::span<const std::byte> original_file,
                   const std::string& absence, WatchedWork& work) {
  if (!options->ranking.html.empty()) options.check_files();
  const FixedModel model = value_of(parse_fixed_model(file));
  std::optional<FloatModel> original;
  if (!original_file.empty()) original.emplace(value_of(parse_float_model(original_file)));
  options->log.take_vocabulary_limit(model.info.training.vocabulary);
  const data::SplitKind kind = options->split_kind(model.info);
  data::ReadReport rows;
  pipeline::PreparedLog read = read_log(options->log, columns, kind, work, rows);
  evaluate::add_untouched_items(model.info.catalogue, read.log);
  const data::Split split(read.log, kind);

  evaluate::Admission admission =
      pipeline::admit_to_evaluation(model.info, split, read.identity, cli::same_log_options_hint);
  if (admission.refusal && !options->allow_trained_events) {
    throw Failure("invalid_argument",
                  fmt::format("refused: {}; hold events out when training, or score anyway with --allow-trained-events",
                              *admission.refusal));
  }
  if (!original) admission.notes.push_back("no arm 'float': " + absence);
  const evaluate::EvaluateOptions evaluating = options->evaluation(split, work.stop());
  const std::uint64_t fingerprint = xxh64(file);
  const pipeline::ModelEvaluation evaluation = value_of(pipeline::evaluate_model(
      {model, fingerprint, original}, split, evaluating,
      [&](std::size_t done, std::size_t users) { work.tell("line", fmt::format("ranked {} %", 100 * done / users)); }));
  work.tell("clear", {});
  const present::EvaluationReport report{.model_file = options->model,
                                         .model_fingerprint = fingerprint,
                                         .architecture = model.info.architecture,
                                         .training = model.info.training,
                                         .log = read.identity,
                                         .split = split.record(),
                                         .admission = admission,
                                         .history_excluded = evaluating.exclude_history,
                                         .items = read.log.item_ids.size(),
                                         .bootstrap_seed = evaluating.bootstrap_seed,
                                         .command = "model.evaluate()",
                                         .html_file = options->ranking.html,
                                         .evaluation = evaluation.figures,
                                         .shuffled_ties = evaluation.shuffled_ties};
  if (!options->ranking.html.empty()) {
    const std::string page = to_html(report);
    require(data::write_file_atomically(options->ranking.html, std::as_bytes(std::span(page))));
  }
  return {to_json(report).compact_text(), to_text(report)};
}

}  // namespace

void bind_models(nb::module_& module) {
  module.def(
      "evaluate",
      [](const nb::bytes& file, const nb::bytes& original, std::string absence, std::vector<std::string> words,
         const FrameColumns* columns, nb::callable tell) {
        ParsedOptions<cli::EvaluateOptions> options("evaluate", std::move(words));
        WatchedWork work(std::move(tell));
        Evaluated evaluated;
        work.run([&, fixed_bytes = view_of(file), original_bytes = view_of(original)] {
          evaluated = evaluate(options, columns, fixed_bytes, original_bytes, absence, work);
        });
        return nb::make_tuple(evaluated.json, evaluated.text);
      },
      nb::arg("file"), nb::arg("original"), nb::arg("absence"), nb::arg("words"), nb::arg("columns").none(),
      nb::arg("tell"));
  module.def(
      "check_evaluation_files",
      [](std::vector<std::string> words) {
        ParsedOptions<cli::EvaluateOptions>("evaluate", std::move(words)).check_files();
      },
      nb::arg("words"));
  module.def(
      "describe",
      [](const nb::bytes& file) {
        const auto bytes = view_of(file);
        const nb::gil_scoped_release unlocked;
        return to_json(value_of(present::describe_model(bytes, 0))).compact_text();
      },
      nb::arg("file"));
  module.def(
      "find_original",
      [](const std::string& fixed_file, const std::string& named) {
        const app::FloatOriginal found = [&] {
          const nb::gil_scoped_release unlocked;
          const auto fixed = value_of(app::load_fixed_model(fixed_file));
          return value_of(app::find_float_original(fixed_file, fixed.model.info, named));
        }();
        const std::string file = named.empty() ? app::float_sibling(fixed_file).string() : named;
        return nb::make_tuple(found.model ? file : std::string(), found.absence);
      },
      nb::arg("fixed_file"), nb::arg("named"));
  module.def(
      "save_pair",
      [](const nb::bytes& file, const nb::bytes& original, const std::string& name, bool force) {
        const std::filesystem::path float_file = app::float_sibling(name);
        std::vector<app::OutputFile> outputs{{"path", name, app::FileKind::fixed_model}};
        if (original.size() > 0) outputs.push_back({"the float model of path", float_file, app::FileKind::float_model});
        require(app::check_outputs({}, outputs, force));
        const nb::gil_scoped_release unlocked;
        // The float model first: a fixed-point model never lies there without the original that it was made from.
        if (original.size() > 0) require(data::write_file_atomically(float_file, view_of(original)));
        require(data::write_file_atomically(name, view_of(file)));
      },
      nb::arg("file"), nb::arg("original"), nb::arg("name"), nb::arg("force"));
}

}  // namespace sotto::python
