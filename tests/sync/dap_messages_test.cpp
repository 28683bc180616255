// What the vectors do not have: our own encodings, pinned, and content that must be refused.
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

namespace sotto::sync {
namespace {

template <class Id>
Id filled_id(int value) {
  Id id;
  id.bytes.fill(static_cast<std::byte>(value));
  return id;
}

TaskConfiguration small_task() {
  TaskConfiguration task;
  task.task_info = test::from_hex("0102");
  task.leader_aggregator_endpoint = "https://l.example/";
  task.helper_aggregator_endpoint = "https://h.example";
  task.min_batch_size = 2000;
  task.vdaf_configuration = *HistogramConfiguration{4096, 66}.encode();
  return task;
}

Report small_report() {
  Report report;
  report.metadata = {filled_id<ReportId>(0xab), 482'895, {}};
  report.public_share = test::from_hex("c0ffee");
  report.leader_encrypted_input_share = {17, test::from_hex("01"), test::from_hex("0203")};
  report.helper_encrypted_input_share = {18, test::from_hex("04"), test::from_hex("05")};
  return report;
}

TEST_CASE("a task's configuration has its pinned bytes") {
  const auto bytes = small_task().encode();
  REQUIRE(bytes.ok());
  CHECK(test::to_hex(*bytes) ==
        "020102001268747470733a2f2f6c2e6578616d706c652f001168747470733a2f2f682e6578616d706c65"
        "0000000000000e1000000000000007d002000000000004000800001000000000420000");
  const auto task = TaskConfiguration::decode(*bytes);
  REQUIRE(task.ok());
  CHECK(*task == small_task());
  const auto histogram = HistogramConfiguration::decode(task->vdaf_configuration);
  REQUIRE(histogram.ok());
  CHECK(*histogram == HistogramConfiguration{4096, 66});
}

TEST_CASE("an upload has its pinned bytes") {
  const UploadRequest request{{small_report()}};
  const auto bytes = request.encode();
  REQUIRE(bytes.ok());
  CHECK(test::to_hex(*bytes) ==
        "abababababababababababababababab0000000000075e4f000000000003c0ffee"
        "11000101000000020203120001040000000105");
  const auto decoded = UploadRequest::decode(*bytes);
  REQUIRE(decoded.ok());
  CHECK(*decoded == request);
}

TEST_CASE("an aggregation job's request has its pinned bytes") {
  AggregationJobInitReq request;
  request.extensions = {batch_id_extension(filled_id<BatchId>(0x77))};
  const Report report = small_report();
  const PingPongMessage message{PingPongMessage::Type::initialize, {}, test::from_hex("99")};
  request.verify_inits = {
      {{report.metadata, report.public_share, report.helper_encrypted_input_share}, *message.encode()}};
  const auto bytes = request.encode();
  REQUIRE(bytes.ok());
  CHECK(test::to_hex(*bytes) ==
        "000000000000240001002077777777777777777777777777777777777777777777777777777777777777"
        "77abababababababababababababababab0000000000075e4f000000000003c0ffee1200010400000001"
        "05"
        "00000006000000000199");
  CHECK(AggregationJobInitReq::decode(*bytes)->verify_inits == request.verify_inits);
  CHECK(batch_id(request) == filled_id<BatchId>(0x77));
}

TEST_CASE("an aggregation job's answer has its pinned bytes") {
  const AggregationJobResp resp{{{filled_id<ReportId>(1), VerifyResp::Type::finish, {}, ReportError::invalid_message},
                                 {filled_id<ReportId>(2), VerifyResp::Type::reject, {}, ReportError::report_replayed}}};
  const auto bytes = resp.encode();
  REQUIRE(bytes.ok());
  CHECK(test::to_hex(*bytes) ==
        "0101010101010101010101010101010101"
        "020202020202020202020202020202020202");
  CHECK(*AggregationJobResp::decode(*bytes) == resp);
}

TEST_CASE("the request for an aggregate share has its pinned bytes") {
  AggregateShareReq request;
  request.batch_selector.batch_id = filled_id<BatchId>(0x77);
  request.report_count = 2000;
  request.checksum.fill(std::byte{0x5a});
  const auto bytes = request.encode();
  REQUIRE(bytes.ok());
  CHECK(test::to_hex(*bytes) ==
        "020000"
        "00000000"
        "0000"
        "020020" +
            std::string(64, '7') + "00000000000007d0" + test::to_hex(request.checksum));
  CHECK(*AggregateShareReq::decode(*bytes) == request);
}

TEST_CASE("values without an encoding are refused") {
  auto task = small_task();
  task.task_info.resize(256);
  CHECK(task.encode().error().code == ErrorCode::out_of_range);
  task = small_task();
  task.leader_aggregator_endpoint = "https://l.example/ä";
  CHECK(task.encode().error().code == ErrorCode::out_of_range);
  task = small_task();
  task.helper_aggregator_endpoint.assign(65'536, 'a');
  CHECK(task.encode().error().code == ErrorCode::out_of_range);
  task = small_task();
  task.vdaf_configuration.clear();
  CHECK(task.encode().error().code == ErrorCode::malformed);

  auto report = small_report();
  report.leader_encrypted_input_share.payload.clear();
  CHECK(report.encode().error().code == ErrorCode::out_of_range);
  report = small_report();
  report.helper_encrypted_input_share.enc.resize(65'536);
  CHECK(report.encode().error().code == ErrorCode::out_of_range);
  CHECK(HpkeConfigList{}.encode().error().code == ErrorCode::out_of_range);
  CHECK(Interval{~std::uint64_t{0}, 1}.encode().error().code == ErrorCode::out_of_range);
}

TEST_CASE("a task without a time precision, or of an unknown VDAF, is refused") {
  auto bytes = *small_task().encode();
  const std::size_t precision = 3 + 20 + 19;
  REQUIRE(test::to_hex(ByteSpan(bytes).subspan(precision, 8)) == "0000000000000e10");
  bytes[precision + 6] = bytes[precision + 7] = std::byte{0};
  CHECK(TaskConfiguration::decode(bytes).error().code == ErrorCode::out_of_range);

  bytes = *small_task().encode();
  const std::size_t vdaf = precision + 16 + 1 + 2;
  REQUIRE(test::to_hex(ByteSpan(bytes).subspan(vdaf, 4)) == "00000004");
  bytes[vdaf + 3] = std::byte{9};
  CHECK(TaskConfiguration::decode(bytes).error().code == ErrorCode::unsupported);
}

TEST_CASE("an interval that ends beyond 64 bits is refused") {
  CHECK(Interval::decode(test::from_hex("ffffffffffffffff0000000000000001")).error().code == ErrorCode::out_of_range);
  CHECK(Interval::decode(test::from_hex("ffffffffffffffff0000000000000000")).ok());
}

TEST_CASE("a report error that the draft does not define is refused") {
  const std::string id(32, '0');
  CHECK_FALSE(ReportUploadStatus::decode(test::from_hex(id + "00")).ok());
  CHECK_FALSE(ReportUploadStatus::decode(test::from_hex(id + "0c")).ok());
  CHECK(ReportUploadStatus::decode(test::from_hex(id + "0b")).ok());
}

TEST_CASE("step 0 of an aggregation job is refused") {
  CHECK_FALSE(AggregationJobContinueReq::decode(test::from_hex("0000")).ok());
  CHECK(AggregationJobContinueReq::decode(test::from_hex("0001")).ok());
}

TEST_CASE("a report with an extension is refused alone") {
  const std::vector<Extension> one{{7, {}}};
  const std::vector<Extension> twice{{7, {}}, {7, {}}};
  CHECK(check_report_extensions({}, {}).ok());
  CHECK(check_report_extensions(one, {}).error().code == ErrorCode::unsupported);
  CHECK(check_report_extensions({}, one).error().code == ErrorCode::unsupported);
  CHECK(check_report_extensions(twice, {}).error().code == ErrorCode::malformed);
}

TEST_CASE("an aggregation job's extensions must be those of its batch mode") {
  AggregationJobInitReq request;
  CHECK(check_extensions(request, BatchMode::leader_selected) == ProblemType::invalid_message);
  CHECK(check_extensions(request, BatchMode::time_interval) == std::nullopt);
  request.extensions = {batch_id_extension(filled_id<BatchId>(1))};
  CHECK(check_extensions(request, BatchMode::leader_selected) == std::nullopt);
  CHECK(check_extensions(request, BatchMode::time_interval) == ProblemType::unsupported_extension);
  request.extensions[0].data.pop_back();
  CHECK(check_extensions(request, BatchMode::leader_selected) == ProblemType::invalid_message);
  request.extensions = {batch_id_extension(filled_id<BatchId>(1)), {9, {}}};
  CHECK(check_extensions(request, BatchMode::leader_selected) == ProblemType::unsupported_extension);
  CHECK(check_extensions(CollectionJobReq{}) == std::nullopt);
  CHECK(check_extensions(CollectionJobReq{{}, {}, {{9, {}}}}) == ProblemType::unsupported_extension);
}

TEST_CASE("media types are compared by their parameters") {
  CHECK(media_type(upload_req_name) == "application/ppm-dap;message=upload-req");
  CHECK(is_media_type("application/ppm-dap;message=upload-req", "upload-req"));
  CHECK(is_media_type("Application/PPM-DAP ; version=18; Message=\"upload-req\"", "upload-req"));
  CHECK_FALSE(is_media_type("application/ppm-dap;message=upload-req;version=9", "upload-req"));
  CHECK_FALSE(is_media_type("application/ppm-dap;message=upload-req", "upload-errors"));
  CHECK_FALSE(is_media_type("application/ppm-dap;message=upload-req;message=upload-errors", "upload-req"));
  CHECK_FALSE(is_media_type("application/ppm-dap", "upload-req"));
  CHECK_FALSE(is_media_type("application/json;message=upload-req", "upload-req"));
  CHECK_FALSE(is_media_type("", "upload-req"));
}

TEST_CASE("paths name ids in base64url") {
  const auto task = filled_id<TaskId>(0);
  const std::string name(43, 'A');
  CHECK(reports_path(task) == "/tasks/" + name + "/reports");
  CHECK(collection_job_path(task, filled_id<CollectionJobId>(0)) ==
        "/tasks/" + name + "/collection_jobs/" + std::string(22, 'A'));
  CHECK(aggregate_share_path(task, filled_id<AggregateShareId>(0)) ==
        "/tasks/" + name + "/aggregate_shares/" + std::string(22, 'A'));
  CHECK(join_endpoint("https://a.example/dap/", "/hpke_config") == "https://a.example/dap/hpke_config");
  CHECK(join_endpoint("https://a.example/dap", "/hpke_config") == "https://a.example/dap/hpke_config");
}

TEST_CASE("ids come back from base64url, and other texts are refused") {
  const auto task = filled_id<TaskId>(0xfe);
  CHECK(id_from_base64url<TaskId>(to_base64url(task.bytes)) == task);
  CHECK_FALSE(id_from_base64url<ReportId>(to_base64url(task.bytes)).has_value());
  CHECK_FALSE(id_from_base64url<TaskId>(std::string(42, 'A')).has_value());
  CHECK_FALSE(id_from_base64url<TaskId>(std::string(42, 'A') + "B").has_value());  // bits beyond the last byte
  CHECK_FALSE(id_from_base64url<TaskId>(std::string(42, 'A') + "+").has_value());
  CHECK_FALSE(from_base64url("AA==").has_value());
  CHECK_FALSE(from_base64url("A").has_value());
  CHECK(from_base64url("")->empty());
  for (std::size_t size = 0; size < 10; ++size) {
    const Bytes bytes(size, std::byte{0xd7});
    CHECK(from_base64url(to_base64url(bytes)) == bytes);
  }
}

TEST_CASE("problem types have URNs") {
  CHECK(problem_urn(ProblemType::invalid_extension) == "urn:ietf:params:ppm:dap:error:invalidExtension");
  CHECK(problem_type_from_urn("urn:ietf:params:ppm:dap:error:stepMismatch") == ProblemType::step_mismatch);
  CHECK(problem_type_from_urn("urn:ietf:params:ppm:dap:error:reportRejected") == std::nullopt);
  CHECK(problem_type_from_urn("stepMismatch") == std::nullopt);
}

TEST_CASE("the checksum of report ids does not depend on their order") {
  Sha256 one{};
  Sha256 two{};
  one.fill(std::byte{0x0f});
  two.fill(std::byte{0x35});
  ReportIdChecksum forwards;
  forwards.add(one);
  forwards.add(two);
  ReportIdChecksum backwards;
  backwards.add(two);
  backwards.add(one);
  CHECK(forwards.value() == backwards.value());
  CHECK(test::to_hex(forwards.value()).starts_with("3a3a"));
  CHECK(ReportIdChecksum{}.value() == Sha256{});
}

}  // namespace
}  // namespace sotto::sync
