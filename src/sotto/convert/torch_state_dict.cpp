#include <sotto/base/internal/bytes.hpp>
#include <sotto/convert/errors.hpp>
#include <sotto/convert/float_tensor.hpp>
#include <sotto/convert/torch_state_dict.hpp>
#include <sotto/data/text.hpp>
#include <sotto/model/internal/float_values.hpp>
#include <sotto/model/internal/safetensors.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <string_view>
#include <utility>
#include <vector>

namespace sotto::convert {
namespace {

using data::in_quotes;

constexpr std::string_view first_lstm_weight = "weight_ih_l0";

// Joins "encoder.rnn" and "weight_ih_l0". A module that was saved alone has no prefix.
std::string join(std::string_view module, std::string_view parameter) {
  return module.empty() ? std::string(parameter) : fmt::format("{}.{}", module, parameter);
}

// Returns the module of a tensor named MODULE.PARAMETER, or nothing if the tensor is another parameter.
std::optional<std::string> module_of(std::string_view tensor, std::string_view parameter) {
  if (tensor == parameter) return std::string();
  if (!tensor.ends_with(parameter) || tensor[tensor.size() - parameter.size() - 1] != '.') return std::nullopt;
  return std::string(tensor.substr(0, tensor.size() - parameter.size() - 1));
}

std::string listed(const std::vector<std::string>& modules) {
  std::string text;
  for (const std::string& module : modules) text += (text.empty() ? "" : ", ") + in_quotes(module);
  return text;
}

// "encoder.items.weight" also means the module.
std::string without_weight(const std::string& name) {
  constexpr std::string_view suffix = ".weight";
  return name.ends_with(suffix) ? name.substr(0, name.size() - suffix.size()) : name;
}

class StateDict {
 public:
  StateDict(const Safetensors& file, TorchModules modules) : file_(file), modules_(std::move(modules)) {
    modules_.embedding = without_weight(modules_.embedding);
    modules_.linear = without_weight(modules_.linear);
    all_named_ = !modules_.embedding.empty() && !modules_.lstm.empty() && !modules_.linear.empty();
  }

  Result<NetworkParts> read() {
    if (auto error = choose_modules()) return *std::move(error);
    NetworkParts parts;
    parts.tool = "PyTorch";
    auto embedding = load(join(modules_.embedding, "weight"));
    if (!embedding) return std::move(embedding).error();
    parts.embedding = to_matrix(*std::move(embedding));
    auto lstm = read_lstm();
    if (!lstm) return std::move(lstm).error();
    parts.lstm = *std::move(lstm);
    if (auto error = read_head(parts)) return *std::move(error);
    if (auto error = account_for_the_rest(parts.notes)) return *std::move(error);
    if (narrowed_) parts.notes.emplace_back("float64 weights were rounded to float32");
    return parts;
  }

 private:
  // Returns the tensor, or the one that shares its memory. safetensors.torch.save_model keeps one of them and names it
  // in the metadata.
  [[nodiscard]] const TensorView* find(const std::string& name) const {
    const auto found = file_.tensors.find(name);
    if (found != file_.tensors.end()) return &found->second;
    const auto alias = file_.metadata.find(name);
    if (alias == file_.metadata.end()) return nullptr;
    const auto kept = file_.tensors.find(alias->second);
    return kept == file_.tensors.end() ? nullptr : &kept->second;
  }

  [[nodiscard]] std::set<std::string> names() const {
    std::set<std::string> result;
    for (const auto& [name, view] : file_.tensors) result.insert(name);
    for (const auto& [name, kept] : file_.metadata) {
      if (find(name) != nullptr) result.insert(name);
    }
    return result;
  }

  // Returns the modules that have the parameter with two dimensions.
  [[nodiscard]] std::vector<std::string> modules_with(std::string_view parameter) const {
    std::vector<std::string> result;
    for (const std::string& name : names()) {
      auto module = module_of(name, parameter);
      if (module && find(name)->shape.size() == 2) result.push_back(*std::move(module));
    }
    return result;
  }

  [[nodiscard]] std::uint64_t columns(const std::string& module) const {
    return find(join(module, "weight"))->shape[1];
  }
  [[nodiscard]] std::uint64_t rows(const std::string& module) const { return find(join(module, "weight"))->shape[0]; }
  [[nodiscard]] bool has_bias(const std::string& module) const { return find(join(module, "bias")) != nullptr; }

  static Error none(const char* kind, const char* pattern, const char* option) {
    return {ErrorCode::missing,
            fmt::format("no {}: no tensor {} fits; name the module with {}", kind, pattern, option)};
  }
  static Error several(const char* kind, const std::vector<std::string>& candidates, const char* option) {
    return {ErrorCode::invalid_argument,
            fmt::format("the {} could be any of {}: name the one to take with {}", kind, listed(candidates), option)};
  }
  static Error not_there(const std::string& module, const char* option, const std::vector<std::string>& candidates) {
    return {ErrorCode::missing, fmt::format("{} {}: there is no such module in the state dict; there are {}", option,
                                            in_quotes(module), listed(candidates))};
  }

  // Refuses recurrent layers other than plain LSTMs. Their sizes would let the head's tensors look wrong.
  [[nodiscard]] std::optional<Error> check_kind() const {
    const std::string module = in_quotes(modules_.lstm);
    const auto in_lstm = [this](std::string_view parameter) { return find(join(modules_.lstm, parameter)); };
    if (in_lstm("weight_ih_l0_reverse") != nullptr) {
      return unsupported(fmt::format(
          "LSTM {} is bidirectional: it reads sequences from their end as well, which cannot be done event by event",
          module));
    }
    if (in_lstm("weight_hr_l0") != nullptr)
      return unsupported(fmt::format("LSTM {} projects its hidden state (proj_size); train it without", module));
    const TensorView* hidden = in_lstm("weight_hh_l0");
    if (hidden == nullptr || hidden->shape.size() != 2) return std::nullopt;
    if (hidden->shape[0] == 3 * hidden->shape[1])
      return unsupported(fmt::format("module {} is a GRU (three rows for each hidden unit); train an LSTM", module));
    if (hidden->shape[0] == hidden->shape[1])
      return unsupported(fmt::format("module {} is a plain RNN (one row for each hidden unit); train an LSTM", module));
    return std::nullopt;
  }

  std::optional<Error> choose_modules() {
    const auto lstms = modules_with(first_lstm_weight);
    if (modules_.lstm.empty()) {
      if (lstms.empty()) return none("LSTM", "'*.weight_ih_l0' with two dimensions", "--lstm");
      if (lstms.size() > 1) return several("LSTM", lstms, "--lstm");
      modules_.lstm = lstms.front();
    } else if (std::ranges::find(lstms, modules_.lstm) == lstms.end()) {
      return not_there(modules_.lstm, "--lstm", lstms);
    }
    if (auto other_kind = check_kind()) return other_kind;
    const TensorShape& input_weights = find(join(modules_.lstm, first_lstm_weight))->shape;
    const std::uint64_t dim = input_weights[1];
    if (input_weights[0] % 4 != 0 || input_weights[0] == 0) {
      return Error{ErrorCode::wrong_shape,
                   fmt::format("tensor {} has shape {}; an LSTM has four rows for each hidden unit",
                               in_quotes(join(modules_.lstm, first_lstm_weight)), to_string(input_weights))};
    }
    const std::uint64_t units = input_weights[0] / 4;

    const auto tables = modules_with("weight");
    for (const auto& [chosen, option] :
         {std::pair{&modules_.embedding, "--embedding"}, std::pair{&modules_.linear, "--linear"}}) {
      if (!chosen->empty() && std::ranges::find(tables, *chosen) == tables.end()) {
        return not_there(*chosen, option, tables);
      }
    }
    if (modules_.embedding.empty()) {
      std::vector<std::string> candidates = tables;
      std::erase_if(candidates,
                    [&](const std::string& m) { return columns(m) != dim || has_bias(m) || m == modules_.linear; });
      if (candidates.empty())
        return none("Embedding", fmt::format("'*.weight' of {} columns without a bias", dim).c_str(), "--embedding");
      // If two tables are equally likely, the one with a single row can only be a binary head.
      if (candidates.size() > 1) std::erase_if(candidates, [&](const std::string& m) { return rows(m) == 1; });
      if (candidates.size() != 1) return several("Embedding", candidates, "--embedding");
      modules_.embedding = candidates.front();
    }
    if (modules_.linear.empty()) {
      std::vector<std::string> candidates = tables;
      std::erase_if(candidates, [&](const std::string& m) { return columns(m) != units || m == modules_.embedding; });
      if (candidates.empty()) return none("Linear", fmt::format("'*.weight' of {} columns", units).c_str(), "--linear");
      if (candidates.size() > 1) return several("Linear", candidates, "--linear");
      modules_.linear = candidates.front();
    }
    return std::nullopt;
  }

  Result<FloatTensor> load(const std::string& name) {
    const TensorView* view = find(name);
    if (view == nullptr) return Error{ErrorCode::missing, fmt::format("tensor {} is missing", in_quotes(name))};
    used_.insert(name);
    if (const auto alias = file_.metadata.find(name); alias != file_.metadata.end()) used_.insert(alias->second);
    FloatTensor tensor{view->shape, {}};
    for (const std::uint64_t extent : view->shape) {
      if (extent > max_items) {
        return Error{ErrorCode::out_of_range, fmt::format("tensor {} has shape {}, expected dimensions up to {}",
                                                          in_quotes(name), to_string(view->shape), max_items)};
      }
    }
    auto values = float_values(*view);
    if (!values) {
      return Error{ErrorCode::wrong_type, fmt::format("tensor {} has type {}, expected F32, F64, F16 or BF16",
                                                      in_quotes(name), tensor_type_name(view->type))};
    }
    tensor.values = *std::move(values);
    narrowed_ = narrowed_ || view->type == TensorType::f64;
    return tensor;
  }

  Result<MatrixF32> load_matrix(const std::string& name) {
    auto tensor = load(name);
    if (!tensor) return std::move(tensor).error();
    if (tensor->shape.size() != 2) {
      return Error{ErrorCode::wrong_shape, fmt::format("tensor {} has shape {}, expected two dimensions",
                                                       in_quotes(name), to_string(tensor->shape))};
    }
    return to_matrix(*std::move(tensor));
  }

  Result<std::vector<LstmWeightsF32>> read_lstm() {
    std::vector<LstmWeightsF32> layers;
    const auto tensor = [&](const char* kind) {
      return join(modules_.lstm, fmt::format("{}_l{}", kind, layers.size()));
    };
    for (; find(tensor("weight_ih")) != nullptr;) {
      if (layers.size() == max_layers) {
        return unsupported(fmt::format("LSTM {} has more than {} layers", in_quotes(modules_.lstm), max_layers));
      }
      auto input_weights = load_matrix(tensor("weight_ih"));
      if (!input_weights) return std::move(input_weights).error();
      auto hidden_weights = load_matrix(tensor("weight_hh"));
      if (!hidden_weights) return std::move(hidden_weights).error();
      auto bias = read_lstm_bias(tensor("bias_ih"), tensor("bias_hh"), input_weights->rows);
      if (!bias) return std::move(bias).error();
      layers.push_back({*std::move(input_weights), *std::move(hidden_weights), *std::move(bias)});
    }
    return layers;
  }

  // PyTorch has two biases for each gate and adds both. With bias=False it has none.
  Result<std::vector<float>> read_lstm_bias(const std::string& of_input, const std::string& of_hidden,
                                            std::size_t size) {
    if (find(of_input) == nullptr && find(of_hidden) == nullptr) return std::vector<float>(size);
    auto bias = load(of_input);
    if (!bias) return std::move(bias).error();
    const auto other = load(of_hidden);
    if (!other) return other.error();
    if (bias->shape != other->shape) {
      return Error{ErrorCode::wrong_shape,
                   fmt::format("tensors {} and {} have shapes {} and {}", in_quotes(of_input), in_quotes(of_hidden),
                               to_string(bias->shape), to_string(other->shape))};
    }
    std::ranges::transform(bias->values, other->values, bias->values.begin(), std::plus{});
    return std::move(bias->values);
  }

  std::optional<Error> read_head(NetworkParts& parts) {
    const std::string weight = join(modules_.linear, "weight");
    if (modules_.linear != modules_.embedding) {
      auto head = load_matrix(weight);
      if (!head) return std::move(head).error();
      parts.head = *std::move(head);
      if (parts.head.rows != 1 && parts.head.rows != parts.embedding.rows) {
        return Error{
            ErrorCode::wrong_shape,
            fmt::format("tensor {} has {} rows, expected {}, one for each row of the embedding {}, or 1 for a "
                        "binary head",
                        in_quotes(weight), parts.head.rows, parts.embedding.rows, in_quotes(modules_.embedding))};
      }
    }
    if (parts.head.rows == 1) {
      parts.head_kind = HeadKind::binary;
      parts.notes.push_back(
          fmt::format("{} has one output, which is taken as the logit of a probability", in_quotes(modules_.linear)));
    }
    const std::string bias = join(modules_.linear, "bias");
    if (find(bias) == nullptr) {
      parts.head_bias.resize(parts.head_kind == HeadKind::binary ? 1 : parts.embedding.rows);
      return std::nullopt;
    }
    auto values = load(bias);
    if (!values) return std::move(values).error();
    parts.head_bias = std::move(values->values);
    return std::nullopt;
  }

  // A tensor that no part uses may be a layer of the forward pass. If it were left out silently, the model's results
  // would change.
  std::optional<Error> account_for_the_rest(std::vector<std::string>& notes) const {
    std::vector<std::string> unused;
    for (const auto& [name, view] : file_.tensors) {
      if (!used_.contains(name)) unused.push_back(name);
    }
    if (unused.empty()) return std::nullopt;
    if (!all_named_) {
      return unsupported(
          fmt::format("tensor {} belongs to neither the Embedding {}, nor the LSTM {}, nor the Linear {}; if the model "
                      "works without "
                      "it, name all three with --embedding, --lstm and --linear",
                      in_quotes(unused.front()), in_quotes(modules_.embedding), in_quotes(modules_.lstm),
                      in_quotes(modules_.linear)));
    }
    notes.push_back(
        fmt::format("passed over {} tensors of other modules, the first {}", unused.size(), in_quotes(unused.front())));
    return std::nullopt;
  }

  const Safetensors& file_;
  TorchModules modules_;
  bool all_named_ = false;
  bool narrowed_ = false;
  std::set<std::string, std::less<>> used_;
};

}  // namespace

Result<ImportedModel> import_torch_state_dict(std::span<const std::byte> bytes, const TorchModules& modules) {
  const auto file = parse_safetensors(bytes);
  if (!file) return file.error();
  const auto format = file.value().metadata.find("format");
  if (format != file.value().metadata.end() && format->second == "sotto") {
    return Error{ErrorCode::invalid_argument, "this is a Sotto model already"};
  }
  auto parts = StateDict(file.value(), modules).read();
  if (!parts) return std::move(parts).error();
  return assemble(*std::move(parts));
}

}  // namespace sotto::convert
