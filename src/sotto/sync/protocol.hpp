// The names of the protocol: its version's tag, roles, HPKE info strings, media types and paths.
#pragma once

#include <sotto/sync/bytes.hpp>
#include <sotto/sync/identifiers.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace sotto::sync {

// It becomes "dap" when the draft becomes an RFC.
inline constexpr std::string_view dap_version = "dap-18";

enum class Role : std::uint8_t { collector = 0, client = 1, leader = 2, helper = 3 };

// The application context of the VDAF: the version's tag and the task's id.
[[nodiscard]] Bytes vdaf_context(const TaskId& task);
// HPKE's info for an input share, sealed by a client. The receiver is the leader or the helper.
[[nodiscard]] Bytes input_share_info(Role receiver);
// HPKE's info for an aggregate share, sealed for the collector. The sender is the leader or the helper.
[[nodiscard]] Bytes aggregate_share_info(Role sender);

// The type of every message. Its parameter "message" has one of the names below.
inline constexpr std::string_view dap_media_type = "application/ppm-dap";

inline constexpr std::string_view hpke_config_list_name = "hpke-config-list";
inline constexpr std::string_view upload_req_name = "upload-req";
inline constexpr std::string_view upload_errors_name = "upload-errors";
inline constexpr std::string_view aggregation_job_init_req_name = "aggregation-job-init-req";
inline constexpr std::string_view aggregation_job_resp_name = "aggregation-job-resp";
inline constexpr std::string_view aggregation_job_continue_req_name = "aggregation-job-continue-req";
inline constexpr std::string_view collection_job_req_name = "collection-job-req";
inline constexpr std::string_view collection_job_resp_name = "collection-job-resp";
inline constexpr std::string_view aggregate_share_req_name = "aggregate-share-req";
inline constexpr std::string_view aggregate_share_name = "aggregate-share";

// Returns the Content-Type of a message, "application/ppm-dap;message=upload-req".
[[nodiscard]] std::string media_type(std::string_view message_name);
// Whether a Content-Type is of that message. It compares parameters: letter case of the type, order, quotes, blanks and
// unknown parameters do not matter. A parameter "version" must be 18.
[[nodiscard]] bool is_media_type(std::string_view content_type, std::string_view message_name) noexcept;

// Paths below an aggregator's endpoint.
inline constexpr std::string_view hpke_config_path = "/hpke_config";
[[nodiscard]] std::string reports_path(const TaskId& task);
[[nodiscard]] std::string aggregation_jobs_path(const TaskId& task);
[[nodiscard]] std::string aggregation_job_path(const TaskId& task, const AggregationJobId& job);
[[nodiscard]] std::string collection_jobs_path(const TaskId& task);
[[nodiscard]] std::string collection_job_path(const TaskId& task, const CollectionJobId& job);
[[nodiscard]] std::string aggregate_shares_path(const TaskId& task);
[[nodiscard]] std::string aggregate_share_path(const TaskId& task, const AggregateShareId& share);
// Joins an endpoint, with or without a slash at its end, and a path.
[[nodiscard]] std::string join_endpoint(std::string_view endpoint, std::string_view path);

}  // namespace sotto::sync
