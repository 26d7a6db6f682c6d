#ifndef SIGNET_SERVICE_MEMORY_FILE_H_
#define SIGNET_SERVICE_MEMORY_FILE_H_

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace signet {

// MemoryFile is a file without a name in any folder, for libraries that read
// nothing but files. Only this process can open it, by `path`; it goes, and is
// wiped, with this object.
class MemoryFile {
 public:
  // Create returns ResourceExhausted, if the system has no file or memory left.
  static absl::StatusOr<MemoryFile> Create(absl::string_view contents);

  MemoryFile(MemoryFile&& other) noexcept;
  MemoryFile& operator=(MemoryFile&& other) = delete;
  ~MemoryFile();

  // Replace puts other contents in the place of these, at once: whoever opens
  // the path reads the ones or the others. Who still reads the old ones may
  // until the next Replace, which wipes them. ResourceExhausted as Create; then
  // nothing has changed.
  absl::Status Replace(absl::string_view contents);

  // path is good for as long as this object is there.
  std::string path() const;

 private:
  explicit MemoryFile(int descriptor) : descriptor_(descriptor) {}

  // -1, if it has moved away.
  int descriptor_;
  // What was replaced last. -1, if nothing.
  int replaced_ = -1;
};

}  // namespace signet

#endif  // SIGNET_SERVICE_MEMORY_FILE_H_
