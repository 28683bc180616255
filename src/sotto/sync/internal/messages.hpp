// How messages and their parts are read and written. A message's own decode() and encode() are made of these.
#pragma once

#include <sotto/sync/aggregation_job.hpp>
#include <sotto/sync/collection_job.hpp>
#include <sotto/sync/extension.hpp>
#include <sotto/sync/hpke_config.hpp>
#include <sotto/sync/internal/wire_reader.hpp>
#include <sotto/sync/internal/wire_writer.hpp>
#include <sotto/sync/interval.hpp>
#include <sotto/sync/ping_pong_message.hpp>
#include <sotto/sync/report.hpp>
#include <sotto/sync/report_error.hpp>
#include <sotto/sync/task_configuration.hpp>

namespace sotto::sync {

// Each fails for a value that the draft does not define.
void read(WireReader& reader, ReportError& error);
void read(WireReader& reader, BatchMode& mode);
void read(WireReader& reader, Extension& message);
void read(WireReader& reader, Interval& message);
void read(WireReader& reader, HpkeConfig& message);
void read(WireReader& reader, HpkeConfigList& message);
void read(WireReader& reader, HpkeCiphertext& message);
void read(WireReader& reader, TaskConfiguration& message);
void read(WireReader& reader, ReportMetadata& message);
void read(WireReader& reader, PlaintextInputShare& message);
void read(WireReader& reader, Report& message);
void read(WireReader& reader, UploadRequest& message);
void read(WireReader& reader, ReportUploadStatus& message);
void read(WireReader& reader, UploadErrors& message);
void read(WireReader& reader, PingPongMessage& message);
void read(WireReader& reader, ReportShare& message);
void read(WireReader& reader, VerifyInit& message);
void read(WireReader& reader, AggregationJobInitReq& message);
void read(WireReader& reader, VerifyResp& message);
void read(WireReader& reader, AggregationJobResp& message);
void read(WireReader& reader, VerifyContinue& message);
void read(WireReader& reader, AggregationJobContinueReq& message);
void read(WireReader& reader, Query& message);
void read(WireReader& reader, CollectionJobReq& message);
void read(WireReader& reader, CollectionJobResp& message);
void read(WireReader& reader, BatchSelector& message);
void read(WireReader& reader, AggregateShareReq& message);
void read(WireReader& reader, AggregateShare& message);

void write(WireWriter& writer, ReportError error);
void write(WireWriter& writer, BatchMode mode);
void write(WireWriter& writer, const Extension& message);
void write(WireWriter& writer, const Interval& message);
void write(WireWriter& writer, const HpkeConfig& message);
void write(WireWriter& writer, const HpkeConfigList& message);
void write(WireWriter& writer, const HpkeCiphertext& message);
void write(WireWriter& writer, const TaskConfiguration& message);
void write(WireWriter& writer, const ReportMetadata& message);
void write(WireWriter& writer, const PlaintextInputShare& message);
void write(WireWriter& writer, const Report& message);
void write(WireWriter& writer, const UploadRequest& message);
void write(WireWriter& writer, const ReportUploadStatus& message);
void write(WireWriter& writer, const UploadErrors& message);
void write(WireWriter& writer, const PingPongMessage& message);
void write(WireWriter& writer, const ReportShare& message);
void write(WireWriter& writer, const VerifyInit& message);
void write(WireWriter& writer, const AggregationJobInitReq& message);
void write(WireWriter& writer, const VerifyResp& message);
void write(WireWriter& writer, const AggregationJobResp& message);
void write(WireWriter& writer, const VerifyContinue& message);
void write(WireWriter& writer, const AggregationJobContinueReq& message);
void write(WireWriter& writer, const Query& message);
void write(WireWriter& writer, const CollectionJobReq& message);
void write(WireWriter& writer, const CollectionJobResp& message);
void write(WireWriter& writer, const BatchSelector& message);
void write(WireWriter& writer, const AggregateShareReq& message);
void write(WireWriter& writer, const AggregateShare& message);

// A list of extensions behind its length.
void read_extensions(WireReader& reader, std::vector<Extension>& extensions, const char* field);
void write_extensions(WireWriter& writer, const std::vector<Extension>& extensions, const char* field);

}  // namespace sotto::sync
