#include "service/audit/audit_log.h"

#include "absl/memory/memory.h"
#include "absl/strings/str_cat.h"

namespace signet {

absl::StatusOr<std::unique_ptr<AuditLog>> AuditLog::Open(
    const AuditOptions& options, std::shared_ptr<EventLog> log) {
  absl::StatusOr<AppendFile> file =
      AppendFile::Open(options.file, options.durability);
  if (!file.ok()) {
    return absl::FailedPreconditionError(absl::StrCat(
        "audit log ", options.file, ": ", file.status().message()));
  }
  return absl::WrapUnique(new AuditLog(*std::move(file), std::move(log)));
}

absl::Status AuditLog::Write(const AuditEvent& event) {
  const std::string line = ToAuditLine(event);
  std::unique_lock lock(mutex_);
  const std::shared_ptr<Group> group = gathering_;
  group->text.append(line);
  ++group->lines;
  while (writing_ && !group->written) written_.wait(lock);
  if (group->written) return group->status;
  writing_ = true;
  gathering_ = std::make_shared<Group>();
  lock.unlock();
  absl::Status status = WriteGroup(*group);
  lock.lock();
  ++figures_.writes;
  (status.ok() ? figures_.lines : figures_.failures) += group->lines;
  group->status = status;
  group->written = true;
  writing_ = false;
  written_.notify_all();
  return status;
}

absl::Status AuditLog::WriteGroup(const Group& group) {
  const absl::Status appended = file_.Append(group.text);
  if (appended.ok() == failing_) {
    failing_ = !appended.ok();
    if (failing_) {
      log_->Warning("audit.failing", {{"reason", appended}});
    } else {
      log_->Warning("audit.working");
    }
  }
  if (appended.ok()) return absl::OkStatus();
  return absl::UnavailableError("the audit log cannot be written");
}

AuditLog::Figures AuditLog::figures() const {
  const std::lock_guard lock(mutex_);
  return figures_;
}

}  // namespace signet
