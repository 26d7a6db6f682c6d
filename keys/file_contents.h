#ifndef SIGNET_KEYS_FILE_CONTENTS_H_
#define SIGNET_KEYS_FILE_CONTENTS_H_

#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace signet {

// FileError is the status for what errno says: "PATH: cannot be WHAT: ...".
absl::Status FileError(absl::string_view path, absl::string_view what);

// Privacy says who may read a file.
enum class Privacy { kPublic, kSecret };

// FileContents are the bytes of a small file, wiped from memory when they go.
class FileContents {
 public:
  // Read returns what is in a regular file of at most 1 MiB, which not everyone
  // may write: trust would be anyone's to give. A kSecret file
  // that anyone but its owner and group may read, or anyone but its owner may
  // write, is refused. Errors begin with the path.
  static absl::StatusOr<FileContents> Read(const std::string& path,
                                           Privacy privacy);

  // May be a secret, of which there shall be one copy.
  FileContents(const FileContents&) = delete;
  FileContents& operator=(const FileContents&) = delete;
  FileContents(FileContents&&) = default;
  FileContents& operator=(FileContents&&) = delete;
  ~FileContents();

  const std::string& text() const { return text_; }

 private:
  explicit FileContents(std::string text) : text_(std::move(text)) {}

  std::string text_;
};

}  // namespace signet

#endif  // SIGNET_KEYS_FILE_CONTENTS_H_
