#ifndef SIGNET_SERVICE_AUDIT_AUDIT_LOG_H_
#define SIGNET_SERVICE_AUDIT_AUDIT_LOG_H_

#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "service/audit/append_file.h"
#include "service/audit/audit_event.h"
#include "service/event_log.h"

namespace signet {

// AuditOptions says where the audit log is.
struct AuditOptions {
  std::string file;
  Durability durability = Durability::kKernel;
};

// AuditLog is the file in which stands who did what: one line for each event,
// after those before it, and never changed. May be used from many threads at
// once: while one of them writes, the lines of the others gather, and are
// written together by whoever of them comes first. A line of 300 bytes takes 4
// us, a fifth of it to look for the file; on disk, 16 threads write 5 times as
// many together as one does alone.
class AuditLog {
 public:
  // Open opens the file (AppendFile::Open); `log` is told when writing begins
  // to fail, and when it works again.
  static absl::StatusOr<std::unique_ptr<AuditLog>> Open(
      const AuditOptions& options, std::shared_ptr<EventLog> log);

  // Write returns once the line is written, as durably as the options say.
  // Unavailable, if it is not, or not for certain: then nobody may be given
  // what it was to tell of. Callers learn nothing else from the message.
  absl::Status Write(const AuditEvent& event);

  // What has been done so far.
  struct Figures {
    uint64_t lines = 0;     // Written.
    uint64_t failures = 0;  // Lines that could not be.
    uint64_t writes = 0;    // Groups of lines that were tried.
  };
  Figures figures() const;

 private:
  // Lines that are written together, and what came of it.
  struct Group {
    std::string text;
    uint64_t lines = 0;
    bool written = false;
    absl::Status status;
  };

  AuditLog(AppendFile file, std::shared_ptr<EventLog> log)
      : log_(std::move(log)), file_(std::move(file)) {}

  // Writes `group`, which gets no more lines. Only one thread at a time.
  absl::Status WriteGroup(const Group& group);

  const std::shared_ptr<EventLog> log_;

  // For the thread that writes.
  AppendFile file_;
  bool failing_ = false;

  // ThreadSanitizer knows this mutex, and not Abseil's from a package.
  mutable std::mutex mutex_;
  std::condition_variable written_;
  // Which gets the next lines.
  std::shared_ptr<Group> gathering_ ABSL_GUARDED_BY(mutex_) =
      std::make_shared<Group>();
  bool writing_ ABSL_GUARDED_BY(mutex_) = false;
  Figures figures_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace signet

#endif  // SIGNET_SERVICE_AUDIT_AUDIT_LOG_H_
