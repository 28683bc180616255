// The byte-exact messages of draft-ietf-ppm-dap-18 in $SOTTO_VECTORS_DIR/dap: each valid one decodes to its fields and
// encodes to its bytes, and each invalid one is refused at the level that it names.
#include "../support/hex.hpp"

#include <sotto/base/base64url.hpp>
#include <sotto/sync/aggregation_job.hpp>
#include <sotto/sync/collection_job.hpp>
#include <sotto/sync/ping_pong_message.hpp>
#include <sotto/sync/protocol.hpp>
#include <sotto/sync/report.hpp>
#include <sotto/sync/report_id_checksum.hpp>
#include <sotto/sync/task_configuration.hpp>

#include <catch2/catch_test_macros.hpp>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <map>
#include <optional>
#include <string>

namespace sotto::sync {
namespace {

using Json = nlohmann::json;

// Skips the test where the vectors are not at hand.
Json dap_vectors() {
  const char* folder = std::getenv("SOTTO_VECTORS_DIR");
  if (folder == nullptr || *folder == '\0') SKIP("SOTTO_VECTORS_DIR is not set");
  std::ifstream file(std::filesystem::path(folder) / "dap" / "messages.json");
  if (!file) SKIP("SOTTO_VECTORS_DIR has no dap/messages.json");
  Json json = Json::parse(file, nullptr, false);
  REQUIRE(json.is_object());
  return json;
}

Bytes bytes_of(const Json& hex) { return test::from_hex(hex.get<std::string>()); }

template <class Id>
Id id_of(const Json& hex) {
  Id id;
  const Bytes bytes = bytes_of(hex);
  REQUIRE(bytes.size() == Id::size);
  std::copy(bytes.begin(), bytes.end(), id.bytes.begin());
  return id;
}

// The fields of each message under the draft's names, as the vectors have them.
Json fields(const Extension& extension) {
  return {{"extension_type", extension.type}, {"extension_data", test::to_hex(extension.data)}};
}

Json fields(const HpkeConfig& config);
Json fields(const Report& report);
Json fields(const ReportUploadStatus& status);
Json fields(const VerifyInit& init);
Json fields(const VerifyResp& resp);
Json fields(const VerifyContinue& verify);

template <class Element>
Json list(const std::vector<Element>& elements) {
  Json json = Json::array();
  for (const Element& element : elements) json.push_back(fields(element));
  return json;
}

Json fields(const Interval& interval) { return {{"start", interval.start}, {"duration", interval.duration}}; }

Json fields(const HpkeConfig& config) {
  return {{"id", config.id},
          {"kem_id", config.kem_id},
          {"kdf_id", config.kdf_id},
          {"aead_id", config.aead_id},
          {"public_key", test::to_hex(config.public_key)}};
}

Json fields(const HpkeConfigList& configs) { return {{"hpke_configs", list(configs.configs)}}; }

Json fields(const HpkeCiphertext& ciphertext) {
  return {{"config_id", ciphertext.config_id},
          {"enc", test::to_hex(ciphertext.enc)},
          {"payload", test::to_hex(ciphertext.payload)}};
}

Json fields(const TaskConfiguration& task) {
  return {{"task_info", test::to_hex(task.task_info)},
          {"leader_aggregator_endpoint", task.leader_aggregator_endpoint},
          {"helper_aggregator_endpoint", task.helper_aggregator_endpoint},
          {"time_precision", task.time_precision},
          {"min_batch_size", task.min_batch_size},
          {"batch_mode", task.batch_mode},
          {"batch_config", ""},
          {"vdaf_type", task.vdaf_type},
          {"vdaf_configuration", test::to_hex(task.vdaf_configuration)},
          {"extensions", list(task.extensions)}};
}

Json fields(const ReportMetadata& metadata) {
  return {{"report_id", test::to_hex(metadata.report_id.bytes)},
          {"time", metadata.time},
          {"public_extensions", list(metadata.public_extensions)}};
}

Json fields(const PlaintextInputShare& share) {
  return {{"private_extensions", list(share.private_extensions)}, {"payload", test::to_hex(share.payload)}};
}

Json fields(const Report& report) {
  return {{"report_metadata", fields(report.metadata)},
          {"public_share", test::to_hex(report.public_share)},
          {"leader_encrypted_input_share", fields(report.leader_encrypted_input_share)},
          {"helper_encrypted_input_share", fields(report.helper_encrypted_input_share)}};
}

Json fields(const UploadRequest& request) { return {{"reports", list(request.reports)}}; }

Json fields(const ReportUploadStatus& status) {
  return {{"id", test::to_hex(status.id.bytes)}, {"error", status.error}};
}

Json fields(const UploadErrors& errors) { return {{"status", list(errors.status)}}; }

Json fields(const PingPongMessage& message) {
  Json json{{"type", message.type}};
  if (message.type != PingPongMessage::Type::initialize)
    json["verifier_message"] = test::to_hex(message.verifier_message);
  if (message.type != PingPongMessage::Type::finish) json["verifier_share"] = test::to_hex(message.verifier_share);
  return json;
}

// The payload and the VDAF's message in it.
void put_payload(Json& json, const Bytes& payload) {
  json["payload"] = test::to_hex(payload);
  const auto message = PingPongMessage::decode(payload);
  REQUIRE(message.ok());
  json["payload_message"] = fields(*message);
}

Json fields(const ReportShare& share) {
  return {{"report_metadata", fields(share.metadata)},
          {"public_share", test::to_hex(share.public_share)},
          {"encrypted_input_share", fields(share.encrypted_input_share)}};
}

Json fields(const VerifyInit& init) {
  Json json{{"report_share", fields(init.report_share)}};
  put_payload(json, init.payload);
  return json;
}

Json fields(const AggregationJobInitReq& request) {
  return {{"verification_key_id", request.verification_key_id},
          {"agg_param", test::to_hex(request.agg_param)},
          {"extensions", list(request.extensions)},
          {"verify_inits", list(request.verify_inits)}};
}

Json fields(const VerifyResp& resp) {
  Json json{{"report_id", test::to_hex(resp.report_id.bytes)}, {"verify_resp_type", resp.type}};
  if (resp.type == VerifyResp::Type::continue_) put_payload(json, resp.payload);
  if (resp.type == VerifyResp::Type::reject) json["report_error"] = resp.error;
  return json;
}

Json fields(const AggregationJobResp& resp) { return {{"verify_resps", list(resp.verify_resps)}}; }

Json fields(const VerifyContinue& verify) {
  Json json{{"report_id", test::to_hex(verify.report_id.bytes)}};
  put_payload(json, verify.payload);
  return json;
}

Json fields(const AggregationJobContinueReq& request) {
  return {{"step", request.step}, {"verify_continues", list(request.verify_continues)}};
}

Json fields(const Query& query) {
  if (query.batch_mode == BatchMode::leader_selected) return {{"batch_mode", query.batch_mode}, {"config", ""}};
  return {{"batch_mode", query.batch_mode}, {"config", test::to_hex(*query.interval.encode())}};
}

Json fields(const CollectionJobReq& request) {
  return {{"query", fields(request.query)},
          {"agg_param", test::to_hex(request.agg_param)},
          {"extensions", list(request.extensions)}};
}

Json fields(const CollectionJobResp& resp) {
  return {{"report_count", resp.report_count},
          {"interval", fields(resp.interval)},
          {"leader_encrypted_agg_share", fields(resp.leader_encrypted_agg_share)},
          {"helper_encrypted_agg_share", fields(resp.helper_encrypted_agg_share)}};
}

Json fields(const BatchSelector& selector) {
  if (selector.batch_mode == BatchMode::leader_selected) {
    return {{"batch_mode", selector.batch_mode}, {"config", test::to_hex(selector.batch_id.bytes)}};
  }
  return {{"batch_mode", selector.batch_mode}, {"config", test::to_hex(*selector.interval.encode())}};
}

Json fields(const AggregateShareReq& request) {
  return {{"collection_job_req", fields(request.collection_job_req)},
          {"batch_selector", fields(request.batch_selector)},
          {"report_count", request.report_count},
          {"checksum", test::to_hex(request.checksum)}};
}

Json fields(const AggregateShare& share) {
  return {{"encrypted_aggregate_share", fields(share.encrypted_aggregate_share)}};
}

// Takes the parsed forms away that stand beside a field's raw bytes.
Json without_parsed_forms(Json json) {
  if (json.is_object()) {
    json.erase("vdaf_configuration_fields");
    json.erase("config_fields");
  }
  for (Json& value : json) {
    if (value.is_structured()) value = without_parsed_forms(value);
  }
  return json;
}

struct Decoded {
  Json fields;
  Bytes encoded;
};

struct MessageType {
  std::function<std::optional<Decoded>(ByteSpan)> decode;
  // Messages whose last field runs to the end of the body: an end between two elements is a valid one. Returns whether
  // the prefix is such an end.
  std::function<bool(ByteSpan prefix)> ends_on_border = [](ByteSpan) { return false; };
};

template <class Message>
std::optional<Decoded> decode_to_fields(ByteSpan bytes) {
  const auto message = Message::decode(bytes);
  if (!message) {
    CHECK_FALSE(message.error().detail.empty());
    return std::nullopt;
  }
  const auto encoded = message->encode();
  REQUIRE(encoded.ok());
  return Decoded{fields(*message), *encoded};
}

template <class Message>
MessageType message_type() {
  return {decode_to_fields<Message>};
}

// A message whose last field runs to the end of the body.
template <class Message>
MessageType list_type() {
  return {decode_to_fields<Message>, [](ByteSpan prefix) { return Message::decode(prefix).ok(); }};
}

const std::map<std::string, MessageType>& message_types() {
  static const std::map<std::string, MessageType> types{
      {"HpkeConfig", message_type<HpkeConfig>()},
      {"HpkeConfigList", message_type<HpkeConfigList>()},
      {"HpkeCiphertext", message_type<HpkeCiphertext>()},
      {"Interval", message_type<Interval>()},
      {"Extension", message_type<Extension>()},
      {"TaskExtension", message_type<Extension>()},
      {"AggregationJobExtension", message_type<Extension>()},
      {"TaskConfiguration", message_type<TaskConfiguration>()},
      {"ReportMetadata", message_type<ReportMetadata>()},
      {"PlaintextInputShare", message_type<PlaintextInputShare>()},
      {"Report", message_type<Report>()},
      {"UploadRequest", list_type<UploadRequest>()},
      {"ReportUploadStatus", message_type<ReportUploadStatus>()},
      {"UploadErrors", list_type<UploadErrors>()},
      {"PingPongMessage", message_type<PingPongMessage>()},
      {"ReportShare", message_type<ReportShare>()},
      {"VerifyInit", message_type<VerifyInit>()},
      {"AggregationJobInitReq", list_type<AggregationJobInitReq>()},
      {"VerifyResp", message_type<VerifyResp>()},
      {"AggregationJobResp", list_type<AggregationJobResp>()},
      {"VerifyContinue", message_type<VerifyContinue>()},
      {"AggregationJobContinueReq", list_type<AggregationJobContinueReq>()},
      {"Query", message_type<Query>()},
      {"CollectionJobReq", message_type<CollectionJobReq>()},
      {"CollectionJobResp", message_type<CollectionJobResp>()},
      {"BatchSelector", message_type<BatchSelector>()},
      {"AggregateShareReq", message_type<AggregateShareReq>()},
      {"AggregateShare", message_type<AggregateShare>()},
  };
  return types;
}

// An associated data is only ever made, never read. It is made of parts that are read.
std::optional<Bytes> associated_data(const Json& entry, ByteSpan bytes) {
  const Json& values = entry["fields"];
  const auto task = id_of<TaskId>(values["task_id"]);
  // The configuration stands behind the task's id. Its length is that of its own encoding.
  for (std::size_t size = 1; TaskId::size + size <= bytes.size(); ++size) {
    const auto configuration = TaskConfiguration::decode(bytes.subspan(TaskId::size, size));
    if (!configuration) continue;
    CHECK(fields(*configuration) == without_parsed_forms(values["task_configuration"]));
    const Bytes encoded = *configuration->encode();
    if (entry["message"] == "AggregateShareAad") {
      const auto request = CollectionJobReq::decode(bytes.subspan(TaskId::size + size));
      REQUIRE(request.ok());
      CHECK(fields(*request) == without_parsed_forms(values["collection_job_req"]));
      return aggregate_share_aad(task, encoded, *request->encode());
    }
    ReportMetadata metadata;
    const Json& given = values["report_metadata"];
    metadata.report_id = id_of<ReportId>(given["report_id"]);
    metadata.time = given["time"].get<std::uint64_t>();
    for (const Json& extension : given["public_extensions"]) {
      metadata.public_extensions.push_back(
          {extension["extension_type"].get<std::uint16_t>(), bytes_of(extension["extension_data"])});
    }
    const auto aad = input_share_aad(task, encoded, metadata, bytes_of(values["public_share"]));
    REQUIRE(aad.ok());
    return *aad;
  }
  return std::nullopt;
}

TEST_CASE("all valid messages of DAP-18 have their fields and their bytes") {
  const Json vectors = dap_vectors();
  std::size_t checked = 0;
  for (const Json& entry : vectors["messages"]) {
    INFO(entry["id"]);
    const Bytes bytes = bytes_of(entry["encoded"]);
    REQUIRE(bytes.size() == entry["length"].get<std::size_t>());
    const std::string name = entry["message"];
    if (name == "InputShareAad" || name == "AggregateShareAad") {
      const auto aad = associated_data(entry, bytes);
      REQUIRE(aad.has_value());
      CHECK(test::to_hex(*aad) == test::to_hex(bytes));
    } else {
      const auto type = message_types().find(name);
      REQUIRE(type != message_types().end());
      const auto decoded = type->second.decode(bytes);
      REQUIRE(decoded.has_value());
      CHECK(decoded->fields == without_parsed_forms(entry["fields"]));
      CHECK(test::to_hex(decoded->encoded) == test::to_hex(bytes));
    }
    ++checked;
  }
  CHECK(checked == 96);
}

TEST_CASE("every strict prefix of a valid message is refused") {
  const Json vectors = dap_vectors();
  std::size_t borders = 0;
  for (const Json& entry : vectors["messages"]) {
    INFO(entry["id"]);
    const auto type = message_types().find(entry["message"]);
    if (type == message_types().end()) continue;  // associated data is never decoded
    const Bytes bytes = bytes_of(entry["encoded"]);
    std::size_t ends = 0;
    for (std::size_t size = 0; size < bytes.size(); ++size) {
      const ByteSpan prefix = ByteSpan(bytes).first(size);
      if (type->second.ends_on_border(prefix)) {
        ++ends;
        continue;
      }
      INFO(size);
      CHECK_FALSE(type->second.decode(prefix).has_value());
    }
    // A list that runs to the end of the body has a border before each of its elements.
    std::size_t elements = 0;
    for (const char* list_name : {"reports", "status", "verify_inits", "verify_resps", "verify_continues"}) {
      if (entry["fields"].contains(list_name)) elements = entry["fields"][list_name].size();
    }
    CHECK(ends == elements);
    borders += ends;
  }
  CHECK(borders > 0);
}

TEST_CASE("all invalid messages of DAP-18 are refused at their level") {
  const Json vectors = dap_vectors();
  std::map<std::string, std::size_t> refused;
  for (const Json& entry : vectors["invalid"]) {
    INFO(entry["id"]);
    const Bytes bytes = bytes_of(entry["encoded"]);
    const std::string name = entry["message"];
    const std::string level = entry["level"];
    const auto decoded = message_types().at(name).decode;
    if (level == "vdaf" && name == "VerifyInit") {
      // Well-formed for DAP. What the report's VDAF makes of its payload is a matter of that report.
      const auto init = VerifyInit::decode(bytes);
      REQUIRE(init.ok());
      CHECK_FALSE(PingPongMessage::decode(init->payload).ok());
    } else if (level == "per report" && name == "ReportMetadata") {
      // The message that contains it goes on. The report does not.
      const auto metadata = ReportMetadata::decode(bytes);
      REQUIRE(metadata.ok());
      CHECK_FALSE(check_report_extensions(metadata->public_extensions, {}).ok());
    } else if (level == "content" && name == "CollectionJobReq") {
      // Its problem is not the one of a malformed request.
      const auto request = CollectionJobReq::decode(bytes);
      REQUIRE(request.ok());
      CHECK(check_extensions(*request) == ProblemType::invalid_extension);
    } else {
      CHECK_FALSE(decoded(bytes).has_value());
    }
    ++refused[level];
  }
  CHECK(refused["syntax"] + refused["content"] + refused["per report"] + refused["vdaf"] == 61);
}

TEST_CASE("numbers and names of DAP-18 are those of the vectors") {
  const Json vectors = dap_vectors();
  for (const Json& entry : vectors["hpke_info"]) {
    const std::string use = entry["use"];
    const bool is_helper = use.find("helper") != std::string::npos;
    const Role role = is_helper ? Role::helper : Role::leader;
    CHECK(test::to_hex(use.starts_with("input") ? input_share_info(role) : aggregate_share_info(role)) ==
          entry["info"].get<std::string>());
  }
  CHECK(test::to_hex(vdaf_context(id_of<TaskId>(vectors["vdaf_context"]["task_id"]))) ==
        vectors["vdaf_context"]["context"].get<std::string>());

  const Json& url = vectors["urls"][0];
  CHECK(join_endpoint(
            url["helper"].get<std::string>(),
            aggregation_job_path(id_of<TaskId>(url["task_id"]), id_of<AggregationJobId>(url["aggregation_job_id"]))) ==
        url["url"].get<std::string>());

  const std::map<std::string, std::string_view> names{{"HpkeConfigList", hpke_config_list_name},
                                                      {"UploadRequest", upload_req_name},
                                                      {"UploadErrors", upload_errors_name},
                                                      {"AggregationJobInitReq", aggregation_job_init_req_name},
                                                      {"AggregationJobResp", aggregation_job_resp_name},
                                                      {"AggregationJobContinueReq", aggregation_job_continue_req_name},
                                                      {"CollectionJobReq", collection_job_req_name},
                                                      {"CollectionJobResp", collection_job_resp_name},
                                                      {"AggregateShareReq", aggregate_share_req_name},
                                                      {"AggregateShare", aggregate_share_name}};
  REQUIRE(vectors["media_types"].size() == names.size());
  for (const auto& [message, type] : vectors["media_types"].items()) {
    CHECK(media_type(names.at(message)) == type.get<std::string>());
    CHECK(is_media_type(type.get<std::string>(), names.at(message)));
  }

  const Json& problems = vectors["problem_types"];
  for (std::size_t i = 0; i < problems.size(); ++i) {
    CHECK(problem_urn(static_cast<ProblemType>(i)) == problems[i]["type"].get<std::string>());
  }
  for (const auto& [name, number] : vectors["enums"]["ReportError"].items()) {
    if (name != "reserved") CHECK(report_error_name(static_cast<ReportError>(number.get<int>())) == name);
  }
}

}  // namespace
}  // namespace sotto::sync
