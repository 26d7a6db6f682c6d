#ifndef SIGNET_SERVICE_RELOAD_FILE_MARKS_H_
#define SIGNET_SERVICE_RELOAD_FILE_MARKS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "google/protobuf/message.h"

namespace signet {

// FileMark is what tells whether a file has changed without reading it: which
// file its path leads to in the end, however many links there are on the way,
// and when that changed last, to the nanosecond. All 0, if there is none.
struct FileMark {
  std::string path;
  uint64_t device = 0;
  uint64_t inode = 0;
  int64_t bytes = 0;
  int64_t modified = 0;
  int64_t changed = 0;

  friend bool operator==(const FileMark&, const FileMark&) = default;
};

// MarkFile looks at a file.
FileMark MarkFile(const std::string& path);

// MarkAgain looks at the same files once more.
std::vector<FileMark> MarkAgain(const std::vector<FileMark>& marks);

// FilesNamedIn returns the paths that are in `config`: in all its fields whose
// names end in "_file", at any depth. Relative paths are relative to `folder`.
std::vector<std::string> FilesNamedIn(const google::protobuf::Message& config,
                                      const std::string& folder);

}  // namespace signet

#endif  // SIGNET_SERVICE_RELOAD_FILE_MARKS_H_
