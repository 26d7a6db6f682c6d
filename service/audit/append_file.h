#ifndef SIGNET_SERVICE_AUDIT_APPEND_FILE_H_
#define SIGNET_SERVICE_AUDIT_APPEND_FILE_H_

#include <sys/types.h>

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace signet {

// Durability says when lines count as written.
enum class Durability {
  kKernel,  // When they outlive this process.
  kDisk,    // When they outlive a loss of power.
};

// AppendFile is a file to which lines are added, and nothing else is done. It
// is looked for by its name on each Append: after a rename (as logrotate does
// it) or a removal, the next lines begin a new file, and nobody has to be told.
// What stands at the end without a line break, because a process or the disk
// gave up in the middle, stays a line of its own, which is no good one.
//
// For one thread at a time.
class AppendFile {
 public:
  // Open opens the file, or makes it, for its owner only. FailedPrecondition,
  // if that fails, if others than its owner may write it, or if it is neither
  // an ordinary file nor a device.
  static absl::StatusOr<AppendFile> Open(std::string path,
                                         Durability durability);

  // Holds a descriptor, which cannot be copied.
  AppendFile(AppendFile&& other) noexcept;
  AppendFile& operator=(AppendFile&& other) noexcept;
  ~AppendFile();

  // Append adds `lines`, of which each has its end, in a single write if the
  // system likes. Unavailable, if not all of them have been written; the
  // message says why, in the system's words.
  absl::Status Append(absl::string_view lines);

 private:
  AppendFile(std::string path, Durability durability)
      : path_(std::move(path)), durability_(durability) {}

  // Opens what now has the name, unless that is what is open.
  absl::Status Follow();
  absl::Status OpenAnew();
  absl::Status Write(absl::string_view text);
  void Close();

  std::string path_;
  Durability durability_;
  int descriptor_ = -1;
  // Which file is open.
  dev_t device_ = 0;
  ino_t inode_ = 0;
  // Whether the file ends in the middle of a line.
  bool torn_ = false;
};

}  // namespace signet

#endif  // SIGNET_SERVICE_AUDIT_APPEND_FILE_H_
